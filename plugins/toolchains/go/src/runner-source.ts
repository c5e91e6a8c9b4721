/**
 * Compiles the locked test files of each package twice, before any project code runs: once as they are, once with a control around each
 * test that runs it and then fails. Test files that are not locked are hidden from the compiler, a `TestMain` in them too. A pass needs the test's own line and, where
 * the locked files bring no TestMain, the word that ours prints after all tests came back.
 */
export const runnerSource = String.raw`
MARK = "(?:^|\\x16)[ ]*--- (PASS|FAIL|SKIP): (\\S+) \\("

def clause(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        # A build constraint or a comment may come first.
        found = re.search(r"^package\s+(\w+)", file.read(), re.M)
    return found.group(1) if found else "main"

def env():
    work = os.path.join(place, "tmp")
    os.makedirs(work, exist_ok=True)
    deps = os.path.join(root, ".devfactory/go")
    # The home of a check's sandbox is new: nothing of the project has been there.
    cache = os.path.join(os.environ.get("HOME", place), ".cache/go-build")
    if os.path.isdir(deps + "/cache") and not os.path.isdir(cache):
        shutil.copytree(deps + "/cache", cache)
    at_root = lambda name: os.path.exists(os.path.join(root, name))
    flags = "" if at_root("go.work") else "-mod=vendor" if at_root("vendor/modules.txt") else "-mod=mod"
    found = {"GOCACHE": cache, "GOTMPDIR": work, "GOPROXY": "off", "GOSUMDB": "off", "GOENV": "off", "GOTOOLCHAIN": "local",
        "GOTELEMETRY": "off", "GOMAXPROCS": "2", "GOFLAGS": flags, "GOPATH": os.path.join(place, "path")}
    if os.path.isdir(deps + "/mod"):
        found["GOMODCACHE"] = deps + "/mod"
    return found

def as_controls(file, names):
    """The locked file with a control in each test's place, which is its order too: it runs the test, and fails whatever came of it."""
    with open(os.path.join(root, file), encoding="utf-8") as source:
        text = source.read()
    for name in sorted({name.split("/")[0] for name in names}):
        control = 'func %s(devfactory \\2) { defer devfactory.Error("a control has to fail"); devfactoryReal%s(devfactory) }; ' % (name, name)
        text = re.sub(r"^func " + name + r"\((\w+) (\*[\w.]+)\)", control + "func devfactoryReal" + name + r"(\1 \2)", text, flags=re.M)
    return text

def compiled(folder, overlay, name):
    replace = {os.path.join(folder, file): target for file, target in overlay.items()}
    overlay = write(name + ".json", json.dumps({"Replace": replace}))
    program = os.path.join(place, name)
    code, said = run([GO, "test", "-c", "-vet=off", "-buildvcs=false", "-overlay=" + overlay, "-o", program, "."], folder, ENV)
    if code != 0 or not os.path.exists(program):
        say(said[-20000:])
        return None
    return sealed(program)

def executed(program, folder, names):
    first = sorted({name.split("/")[0] for name in names})
    pattern = "^(" + "|".join(re.escape(name) for name in first) + ")$"
    return run([program, "-test.v=" + VERBOSE, "-test.run=" + pattern, "-test.paniconexit0", "-test.count=1"], folder,
        {"GOMAXPROCS": "2"}, given["seconds"])

def results(output, names, proof):
    found = {}
    for outcome, name in re.findall(MARK, output, re.M):
        found.setdefault(name, []).append(outcome)
    for name in names:
        said = found.get(name.replace(" ", "_"), [])
        if len(said) == 1 and (said[0] != "PASS" or proof):
            yield name, {"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}[said[0]]
        elif said:
            yield name, "failed"

GO = shutil.which("go", path=path)
if GO is None:
    report("devfactory::missing", "failed")
    sys.exit(1)
ENV = env()
version = re.search(r"go1\.(\d+)", run([GO, "env", "GOVERSION"], place, ENV)[1])
VERBOSE = "test2json" if version and int(version.group(1)) >= 20 else "true"

def tests_of(file):
    with open(os.path.join(root, file), encoding="utf-8", errors="replace") as source:
        return re.findall(r"^func (Test(?![a-z])\w*)\(\w+ \*testing\.T\)", source.read(), re.M)

packages = {}
for file, names in by_file(given["tests"]).items():
    if names == [ANY] and file in given["locked"]:
        names = tests_of(file)
    # The name becomes code of a control: nothing but a name may.
    named = [name for name in names if re.fullmatch(r"Test\w*(/.+)?", name)]
    if named:
        packages.setdefault(os.path.dirname(file), {})[file] = named
for number, (package, files) in enumerate(packages.items()):
    folder = os.path.join(root, package) if package else root
    locked = [name for name in given["locked"] if os.path.dirname(name) == package and name.endswith("_test.go")]
    hidden = {name: "" for name in os.listdir(folder) if name.endswith("_test.go")}
    token = secrets.token_hex(16)
    kind = clause(os.path.join(root, locked[0])) if locked else "main"
    own = any(re.search(r"^func TestMain\(", open(os.path.join(root, name), encoding="utf-8").read(), re.M) for name in locked)
    main = write(f"main{number}.go", "package %s\nimport (\"os\"; \"testing\")\nfunc TestMain(m *testing.M) { code := m.Run(); os.Stdout.WriteString(\"\\n%s\\n\"); os.Exit(code) }\n" % (kind, token))
    real = {name: target for name, target in hidden.items() if os.path.join(package, name) not in locked}
    if not own:
        real["zz_devfactory_test.go"] = main
    program = compiled(folder, real, f"real{number}")
    all_names = sorted({name for names in files.values() for name in names})
    changed = {os.path.basename(name): write(f"control{number}/" + os.path.basename(name), as_controls(name, files.get(name, []))) for name in locked}
    control = None if program is None else compiled(folder, {**real, **changed}, f"control{number}-program")
    if program is None or control is None:
        continue
    def tested():
        code, output = executed(program, folder, all_names)
        say(output.replace("\x16", "")[-20000:])
        return dict(results(output, all_names, code is not None and (own or token in output.split("\n"))))
    def controlled():
        code, output = executed(control, folder, all_names)
        # What fails is the test as a whole: its parts may be right.
        told = dict(results(output, {name.split("/")[0] for name in all_names}, True))
        return {name: told[name.split("/")[0]] for name in all_names if name.split("/")[0] in told}
    # All of a package run together: where its first file's controls go first, they do.
    early = controls_first(sorted(files)[0])
    before = controlled() if early else None
    real_results = tested()
    control_results = before or controlled()
    for file, names in files.items():
        for name in names:
            pair = [(control_results.get(name, "passed" if name in real_results else None)), real_results.get(name)]
            for outcome in pair if controls_first(file) else reversed(pair):
                if outcome is not None:
                    report(file + "::" + name, outcome)
`;
