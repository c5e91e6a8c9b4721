/**
 * The program that runs locked tests inside a sandbox, started with `python -I`. It takes its key from stdin before any project code is
 * imported, keeps the pieces it signs with out of reach of later patches, and signs one line for each test after its teardown (kit's
 * test-report.ts has the format). Beside each test it runs a control of the same name that can only fail, so that code which makes the
 * runner say "passed" is found out. Code under test shares its process: such evidence is marked as seen from inside.
 */
export const runnerSource = String.raw`
import base64, hmac, importlib.util, json, os, sys, time

def reporter(key):
    descriptor, write, mac, dumps, encode = os.dup(1), os.write, hmac.digest, json.dumps, base64.b64encode
    place = 0
    def controls_first(file):
        return mac(key, f"control.{file}".encode(), "sha256")[0] & 1 == 1
    def report(name, outcome):
        nonlocal place
        place += 1
        body = encode(dumps({"id": name, "outcome": outcome}).encode()).decode()
        sign = mac(key, f"{place}.{body}".encode(), "sha256").hex()
        rest = f"\n@@devfactory {place} {sign} {body}\n".encode()
        while rest:
            rest = rest[write(descriptor, rest):]
    return report, controls_first

given = json.loads(sys.stdin.buffer.read())
report, controls_first = reporter(given["key"].encode())
conftests = given["conftests"]
del given

try:
    import pytest
except ImportError:
    report("devfactory::no-pytest", "failed")
    sys.exit(1)

CLOCKS = (time.time, time.monotonic, time.perf_counter)

class Watch:
    """Reports a test when it is over, teardown included: the worst of its phases counts."""
    def __init__(self, report, controls_first):
        self.__report, self.__controls_first = report, controls_first
        self.__seen, self.__controls, self.__now, self.__clocks = {}, {}, None, CLOCKS

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, session, items):
        files = {}
        for item in items:
            files.setdefault(item.nodeid.split("::")[0], []).append(item)
        items[:] = []
        for file, own in files.items():
            controls = [self.__control(item) for item in own]
            items += controls + own if self.__controls_first(file) else own + controls

    def __control(self, item):
        def fails():
            raise AssertionError("a control has to fail")
        control = pytest.Function.from_parent(item.getparent(pytest.Module), name=item.name, callobj=fails)
        self.__controls[id(control)] = item.nodeid
        return control

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.__now, self.__session = item, item.session

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report):
        # People see the tests alone.
        return ("", "", "") if id(self.__now) in self.__controls else None

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report):
        outcome = "skipped" if report.skipped or hasattr(report, "wasxfail") else report.outcome
        control = id(self.__now) in self.__controls
        if control and report.failed:
            self.__session.testsfailed -= 1
        phases = self.__seen.setdefault(id(self.__now), {})
        phases[report.when] = outcome
        if report.when == "teardown":
            values = phases.values()
            ran = phases.get("call")
            # A fixture that sets the clock has put it back by now; code that turns it for good lies about every duration.
            turned = (time.time, time.monotonic, time.perf_counter) != self.__clocks
            if turned and not control:
                print("The code under test replaced the clock.")
            worst = "failed" if turned or "failed" in values else "skipped" if "skipped" in values or ran is None else "passed"
            self.__report(self.__controls.get(id(self.__now), report.nodeid), worst)

root = os.getcwd()
sys.path[:0] = [root, os.path.join(root, "src")]
def top_of(path):
    """The folder that a test's package lies in: tests import each other by its names. Behind everything else: nothing there stands in for a library."""
    folder = os.path.dirname(os.path.join(root, path))
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    return folder
sys.path += sorted({top_of(path) for path in sys.argv[1:]} - {root})
plugins = [Watch(report, controls_first)]
for number, path in enumerate(conftests):
    spec = importlib.util.spec_from_file_location(f"devfactory_conftest_{number}", os.path.join(root, path))
    module = importlib.util.module_from_spec(spec)
    # As an import would: dataclasses, pickle and others look a class's module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    plugins.append(module)
del report, controls_first
here = os.path.dirname(os.path.abspath(__file__))
sys.exit(pytest.main(["-c", os.path.join(here, "pytest.ini"), "--rootdir=" + root, "--noconftest", "--import-mode=importlib",
    "-p", "no:cacheprovider", "-q", "--continue-on-collection-errors", "-o", "addopts=", *sys.argv[1:]], plugins=plugins))
`;
