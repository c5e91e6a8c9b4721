/**
 * The program that runs locked tests inside a sandbox, started with `python -I`. It takes its key from stdin before any project code is
 * imported, keeps the pieces it signs with out of reach of later patches, and signs one line for each test after its teardown (kit's
 * test-report.ts has the format). Code under test shares its process: such evidence is marked as seen from inside.
 */
export const runnerSource = String.raw`
import base64, hmac, importlib.util, json, os, sys

def reporter(key):
    descriptor, write, mac, dumps, encode = os.dup(1), os.write, hmac.digest, json.dumps, base64.b64encode
    place = 0
    def report(name, outcome):
        nonlocal place
        place += 1
        body = encode(dumps({"id": name, "outcome": outcome}).encode()).decode()
        sign = mac(key, f"{place}.{body}".encode(), "sha256").hex()
        rest = f"\n@@devfactory {place} {sign} {body}\n".encode()
        while rest:
            rest = rest[write(descriptor, rest):]
    return report

given = json.loads(sys.stdin.buffer.read())
report = reporter(given["key"].encode())
conftests = given["conftests"]
del given

try:
    import pytest
except ImportError:
    report("devfactory::no-pytest", "failed")
    sys.exit(1)

class Watch:
    """Reports a test when it is over, teardown included: the worst of its phases counts."""
    def __init__(self, report):
        self.__report, self.__seen = report, {}

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report):
        outcome = "skipped" if report.skipped or hasattr(report, "wasxfail") else report.outcome
        phases = self.__seen.setdefault(report.nodeid, {})
        phases[report.when] = outcome
        if report.when == "teardown":
            values = phases.values()
            ran = phases.get("call")
            worst = "failed" if "failed" in values else "skipped" if "skipped" in values or ran is None else "passed"
            self.__report(report.nodeid, worst)

root = os.getcwd()
sys.path[:0] = [root, os.path.join(root, "src")]
plugins = [Watch(report)]
for number, path in enumerate(conftests):
    spec = importlib.util.spec_from_file_location(f"devfactory_conftest_{number}", os.path.join(root, path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    plugins.append(module)
del report
here = os.path.dirname(os.path.abspath(__file__))
sys.exit(pytest.main(["-c", os.path.join(here, "pytest.ini"), "--rootdir=" + root, "--noconftest", "--import-mode=importlib",
    "-p", "no:cacheprovider", "-q", "-o", "addopts=", *sys.argv[1:]], plugins=plugins))
`;
