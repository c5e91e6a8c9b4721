/**
 * Has Cargo compile each locked file of integration tests twice, from outside of the project, so that no `.cargo/config.toml` of it counts:
 * once as it is, once with a control around each test that runs it and then fails. Cargo says which source each program was made from: a manifest that puts
 * another file under the name is not believed.
 */
export const runnerSource = String.raw`
MARK = r"test (\S+)(?: - should panic)? \.\.\. (ok|FAILED|ignored)(?:,[^\n]*)?$"
cargo = shutil.which("cargo", path=path)
if cargo is None:
    report("devfactory::missing", "failed")
    sys.exit(1)
deps = os.path.join(root, ".devfactory/cargo")
ENV = {"CARGO_HOME": deps if os.path.isdir(deps) else os.path.join(place, "cargo"), "CARGO_BUILD_JOBS": "2", "CARGO_INCREMENTAL": "0",
    "CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_PROFILE_TEST_DEBUG": "0", "CARGO_TERM_COLOR": "never"}

def as_controls(text, names):
    """The locked file with a control beside each test: it runs the test, and fails whatever came of it."""
    for name in names:
        *modules, own = name.split("::")
        text = re.sub(r"\bfn " + own + r"\s*\(", "fn devfactory_real_" + own + "(", text)
        control = '\n#[test] fn %s() { let _ = ::std::panic::catch_unwind(|| { let _ = devfactory_real_%s(); }); panic!("a control has to fail") }\n' % (own, own)
        if not modules:
            text += control
        else:
            text = re.sub(r"(\bmod " + modules[-1] + r"\s*\{)", lambda match: match.group(1) + control, text, count=1)
    return text

def compiled(file):
    folder = os.path.dirname(os.path.join(root, file))
    while not os.path.exists(os.path.join(folder, "Cargo.toml")):
        if folder == root:
            return None
        folder = os.path.dirname(folder)
    name = os.path.basename(file)[:-3]
    name = os.path.basename(os.path.dirname(file)) if name == "main" else name
    code, said = run([cargo, "test", "--offline", "--no-run", "--manifest-path", os.path.join(folder, "Cargo.toml"), "--target-dir",
        os.path.join(root, "target"), "--test", name, "--message-format=json-render-diagnostics"], "/", ENV)
    program = None
    for line in said.split("\n"):
        if line.startswith('{"reason":"compiler-artifact"'):
            made = json.loads(line)
            if made.get("executable") and made["target"]["kind"] == ["test"] and os.path.realpath(made["target"]["src_path"]) == os.path.realpath(os.path.join(root, file)):
                program = made["executable"]
    if code != 0 or program is None:
        say("\n".join(line for line in said.split("\n") if not line.startswith("{"))[-20000:])
        return None
    return sealed(program)

def results(program, file, names):
    code, output = run([program, "--test-threads=2", "--format=pretty", "--exact", *names], os.path.join(root, folder_of(file)), None, given["seconds"])
    found = {}
    for name, outcome in re.findall(MARK, output, re.M):
        found.setdefault(name, []).append(outcome)
    whole = code in (0, 101) and re.search(r"^test result: ", output, re.M)
    told = {}
    for name in names:
        said = found.get(name, [])
        if said:
            told[name] = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}[said[0]] if len(said) == 1 else "failed"
            if told[name] == "passed" and not whole:
                told[name] = "failed"
    return told, output

def folder_of(file):
    return file.split("tests/")[0]

def tests_of(file):
    """Those of which a control can be made: what a macro wrote is not to be found in the text."""
    program = compiled(file)
    with open(os.path.join(root, file), encoding="utf-8") as source:
        text = source.read()
    listed = [] if program is None else re.findall(r"^(\S+): test$", run([program, "--list", "--format=terse"])[1], re.M)
    return [name for name in listed if re.search(r"\bfn " + re.escape(name.split("::")[-1]) + r"\s*\(\s*\)", text)]

for file, names in by_file(given["tests"]).items():
    if names == [ANY] and file in given["locked"]:
        names = tests_of(file)
    names = [name for name in names if re.fullmatch(r"[a-zA-Z_]\w*(::[a-zA-Z_]\w*)*", name)]
    if not names or file not in given["locked"] or not re.fullmatch(r"(?:.*/)?tests/(?:[\w-]+|[\w-]+/main)\.rs", file):
        continue
    source = os.path.join(root, file)
    with open(source, encoding="utf-8") as locked:
        text = locked.read()
    with open(source, "w", encoding="utf-8") as output:
        output.write(as_controls(text, names))
    control = compiled(file)
    with open(source, "w", encoding="utf-8") as output:
        output.write(text)
    program = compiled(file)
    if control is None or program is None:
        continue
    early = controls_first(file)
    before = results(control, file, names)[0] if early else None
    real, output = results(program, file, names)
    say(output[-20000:])
    controlled = before if before is not None else results(control, file, names)[0]
    for name in names:
        pair = [controlled.get(name, "passed" if name in real else None), real.get(name)]
        for outcome in pair if early else reversed(pair):
            if outcome is not None:
                report(file + "::" + name, outcome)
`;
