/**
 * Phase 1 for Python, run by the machine's own interpreter in a folder that holds the manifests alone. Makes `.venv`, which also sees the
 * machine's packages, and installs wheels: building from source would run code of strangers, or of the project, with a registry in reach.
 * Options inside of requirement files, local paths and URLs are left out for the same reason and are named in the output.
 * Arguments: the index ('' for the machine's own settings), then requirement files and pyproject.toml.
 */
export const installerSource = String.raw`
import os, re, subprocess, sys

sys.stdout.reconfigure(line_buffering=True)
index, manifests = sys.argv[1], sys.argv[2:]
PYTEST = "pytest>=8,<10"
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[|[=<>!~;]|$|\s+--hash|\s*@)")

def logical_lines(text):
    text = re.sub(r"\\\r?\n", " ", text)
    for line in text.splitlines():
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        if line:
            yield line

def wanted(line):
    return bool(NAME.match(line)) and "@" not in line.split(";")[0]

def from_file(path, seen):
    if path in seen or not os.path.isfile(path):
        return
    seen.add(path)
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        for line in logical_lines(file.read()):
            nested = re.match(r"^(?:-r|--requirement)[ =]*(\S+)$", line)
            if nested:
                yield from from_file(os.path.normpath(os.path.join(os.path.dirname(path), nested.group(1))), seen)
            elif wanted(line):
                yield line
            else:
                print("left out of", path + ":", line)

def from_pyproject(path):
    try:
        import tomllib
        with open(path, "rb") as file:
            content = tomllib.load(file)
    except Exception as error:
        print(path + ":", error)
        return
    project = content.get("project") if isinstance(content.get("project"), dict) else {}
    groups = [project.get("dependencies")]
    for table in (project.get("optional-dependencies"), content.get("dependency-groups")):
        if isinstance(table, dict):
            groups += [table.get(name) for name in ("dev", "test", "tests", "testing")]
    for group in groups:
        for line in group if isinstance(group, list) else []:
            if isinstance(line, str) and wanted(line):
                yield line
            else:
                print("left out of", path + ":", line)

# A constraints file only narrows what others name; it is given as one.
requirements, constraints, seen = [], [], set()
for manifest in manifests:
    if os.path.basename(manifest).startswith("constraints"):
        constraints += [line for line in from_file(manifest, seen)]
    elif manifest == "pyproject.toml":
        requirements += list(from_pyproject(manifest))
    else:
        requirements += list(from_file(manifest, seen))
if any("--hash" in line for line in requirements):
    requirements = [line for line in requirements if "--hash" in line]

def run(words, **options):
    return subprocess.run(words, stdin=subprocess.DEVNULL, **options).returncode

def has(interpreter, module):
    return run([interpreter, "-I", "-c", "import " + module], stderr=subprocess.DEVNULL) == 0

def make_venv(*options):
    code = run([sys.executable, "-I", "-m", "venv", "--system-site-packages", *options, ".venv"])
    if code != 0:
        print("python3 cannot make virtual environments here: install python3-venv", file=sys.stderr)
        sys.exit(75)

needs_pytest = not any(re.match(r"pytest\b(?![-_])", line) for line in requirements) and not has(sys.executable, "pytest")
make_venv(*([] if requirements or needs_pytest else ["--without-pip"]))
if requirements or needs_pytest:
    pip = [".venv/bin/python", "-I", "-m", "pip", "install", "--only-binary=:all:", "--no-input", "--disable-pip-version-check",
           "--no-cache-dir",
           *(["--index-url=" + index] if index else []), "--retries=1", "--timeout=20", "--progress-bar=off"]
    os.makedirs(".venv/devfactory", exist_ok=True)
    with open(".venv/devfactory/constraints.txt", "w", encoding="utf-8") as file:
        file.write("\n".join(constraints) + "\n")
    if requirements:
        with open(".venv/devfactory/requirements.txt", "w", encoding="utf-8") as file:
            file.write("\n".join(requirements) + "\n")
        code = run([*pip, "-c", ".venv/devfactory/constraints.txt", "-r", ".venv/devfactory/requirements.txt"])
        if code != 0:
            sys.exit(code)
    # Without a runner the project's other checks still work; its tests then say what is missing.
    if needs_pytest and run([*pip, PYTEST]) != 0:
        print("pytest could not be installed; checks that need it will say so")
`;
