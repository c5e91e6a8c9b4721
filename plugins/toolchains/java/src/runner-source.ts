import { jvmFlags } from './jvm.ts';

/**
 * Compiles the locked tests and a control class for each, without annotation processors, and has our launcher run them in one JVM. On the
 * class path everything of ours and of the registries comes before what the project's build made: a class of the project that is called
 * like one of JUnit is not seen.
 */
export const runnerSource = `
JVM = ${JSON.stringify(jvmFlags.split(' '))}
${String.raw`
deps = os.path.join(root, ".devfactory/maven")
junit = os.path.join(deps, "runner/junit.jar")
java, javac = shutil.which("java", path=path), shutil.which("javac", path=path)
if java is None or javac is None or not os.path.exists(junit):
    report("devfactory::missing", "failed")
    sys.exit(1)

def listed(name):
    try:
        with open(os.path.join(deps, name), encoding="utf-8") as file:
            return [part for part in file.read().strip().split(":") if part]
    except OSError:
        return []

def type_of(file):
    with open(os.path.join(root, file), encoding="utf-8", errors="replace") as source:
        package = re.search(r"^\s*package\s+([\w.]+)\s*;", source.read(), re.M)
    name = os.path.basename(file).removesuffix(".java")
    return (package.group(1) + "." if package else "") + name

IDENTIFIER = r"[A-Za-z_]\w*"
def body(names):
    inner, own = {}, []
    for name in names:
        head, dot, rest = name.partition(".")
        inner.setdefault(head, []).append(rest) if dot else own.append(head)
    methods = ['@org.junit.jupiter.api.Test void %s() { throw new AssertionError("a control has to fail"); }' % name for name in own]
    return " ".join(methods + ["@org.junit.jupiter.api.Nested class %s { %s }" % (name, body(rest)) for name, rest in inner.items()])

classes = os.path.join(place, "classes")
os.makedirs(classes)
sources, order = [os.path.join(root, name) for name in given["locked"] if name.endswith(".java")], []
class_path = ":".join([classes, deps + "/runner", junit, *listed("test-classpath"), os.path.join(root, "target/classes"), os.path.join(root, "src/test/resources")])

def compile_all():
    code, said = run([javac, "-J-Xmx512m", "-J-XX:+UseSerialGC", "-proc:none", "-nowarn", "-parameters", "-encoding", "UTF-8", "-d", classes, "-cp", class_path, *sources])
    if code != 0:
        say(said[-20000:])
        sys.exit(1)

def launched(types):
    """By class, the methods that reported with their outcomes, '*' for the class itself; nothing unless all came to their end."""
    word = secrets.token_hex(16)
    code, output = run([java, *JVM, "-XX:+DisableAttachMechanism", "-cp", class_path, "DevfactoryLauncher", *types], seconds=given["seconds"], text=word + "\n")
    lines = [line.split("\t") for line in output.split("\n") if line.startswith(word + "\t")]
    say("\n".join(line for line in output.split("\n") if not line.startswith(word))[-20000:])
    found = {}
    if code is not None and lines and lines[-1][1:] == ["end"]:
        for _, asked, where, outcome in (line for line in lines if len(line) == 4):
            type_name, _, method = where.partition("#")
            inner = type_name[len(asked):].strip("$").replace("$", ".") if type_name.startswith(asked) else ""
            found.setdefault(asked, []).append((".".join(part for part in (inner, method) if part) if method else "*", outcome))
    return found

asked = {file: names for file, names in by_file(given["tests"]).items() if file in given["locked"] and file.endswith(".java")}
unknown = {file: type_of(file) for file, names in asked.items() if names == [ANY]}
if unknown:
    compile_all()
    found = launched(list(unknown.values()))
    asked = {**asked, **{file: sorted({name for name, _ in found.get(kind, [])}) for file, kind in unknown.items()}}
files = {file: [name for name in names if re.fullmatch(IDENTIFIER + r"(\." + IDENTIFIER + ")*", name)] for file, names in asked.items()}
files = {file: names for file, names in files.items() if names}
for file, names in files.items():
    real = type_of(file)
    control = real + "_" + secrets.token_hex(4)
    package, _, simple = control.rpartition(".")
    sources.append(write(f"controls/{simple}.java", (f"package {package}; " if package else "") + f"class {simple} {{ {body(names)} }}"))
    order += [(file, control, real)] 
if order:
    compile_all()
    both = {file: (control, real) if controls_first(file) else (real, control) for file, control, real in order}
    found = launched([kind for pair in both.values() for kind in pair])
    for file, pair in both.items():
        for kind in pair:
            seen = found.get(kind, [])
            # A container that failed takes every test of its class along.
            fallen = [outcome for name, outcome in seen if name == "*"]
            for name in files[file]:
                said = [outcome for reported, outcome in seen if reported == name] + fallen
                if said:
                    report(file + "::" + name, next((bad for bad in ("failed", "skipped") if bad in said), "passed"))
`}`;
