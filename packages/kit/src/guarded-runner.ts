import { serviceVariables } from './service.ts';
import { anyTest, deceptionOf, outcomesOf, readReports, withoutControls } from './test-report.ts';
import { runnerFolder, type Toolchain } from './toolchain.ts';

/**
 * The part that is the same in every runner of a compiled language: a Python program that stays outside of the process under test. It
 * reads its key from stdin before anything else runs, forbids the kernel to show its memory to others of the same user, and signs one line
 * for each test (test-report.ts has the format). What it starts gets no key, writes into a pipe, and is ended with everything it left
 * behind before the next thing starts. A toolchain appends its own steps, which call the functions below:
 *
 * - `run(argv, cwd, env, seconds, text)` gives (exit code or None, stdout and stderr as text); what it prints is not shown.
 * - `sealed(path)` copies a program into memory that nobody can write to; `run([sealed(path), ...])` executes it.
 * - `report(id, outcome)` signs a report; `controls_first(file)` says whether a file's controls go first (decision 0014).
 * - `by_file(tests)` gives the names by file; a file of which [ANY] is asked is to report whatever tests it has.
 * - `say(text)` is for people; `given` is what came on stdin beside the key; `place` is an empty folder of the runner's own.
 */
const guardSource = String.raw`
import base64, ctypes, fcntl, hmac, json, os, re, secrets, shutil, signal, subprocess, sys, tempfile, time

libc = ctypes.CDLL(None, use_errno=True)
# Not dumpable (4): nobody may look into this process. Child subreaper (36): what a program leaves behind becomes ours to end.
if libc.prctl(4, 0, 0, 0, 0) != 0 or libc.prctl(36, 1, 0, 0, 0) != 0:
    sys.exit("the runner cannot protect itself here")
given = json.loads(sys.stdin.buffer.read())

def reporter(key):
    sequence = 0
    def controls_first(file):
        return hmac.digest(key, f"control.{file}".encode(), "sha256")[0] & 1 == 1
    def report(name, outcome):
        nonlocal sequence
        sequence += 1
        body = base64.b64encode(json.dumps({"id": name, "outcome": outcome}).encode()).decode()
        sign = hmac.digest(key, f"{sequence}.{body}".encode(), "sha256").hex()
        say(f"@@devfactory {sequence} {sign} {body}")
    return report, controls_first

def say(text):
    rest = ("\n" + text + "\n").encode("utf-8", "replace")
    while rest:
        rest = rest[os.write(1, rest):]

report, controls_first = reporter(given.pop("key").encode())
root = os.getcwd()
place = tempfile.mkdtemp(prefix="devfactory-", dir=os.environ.get("HOME") if os.access(os.environ.get("HOME", "/nowhere"), os.W_OK) else None)
# Programs of the project never stand in for the machine's own.
path = os.pathsep.join(part for part in os.environ.get("PATH", "/usr/bin:/bin").split(os.pathsep) if part.startswith("/") and not (part + "/").startswith(root + "/"))
LIMIT = 4 * 1024 * 1024
ANY = "${anyTest}"

def children():
    found, own = [], os.getpid()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                # The name in brackets may hold anything; the parent is the second word after it.
                if int(file.read().rpartition(")")[2].split()[1]) == own:
                    found.append(int(name))
        except OSError:
            pass
    return found

def end_all():
    for _ in range(1000):
        left = children()
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except OSError:
                pass
    say("processes of the code under test could not be ended")
    sys.exit(1)

def run(argv, cwd=None, env=None, seconds=600, text=None):
    inherited = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR", "TZ", ${serviceVariables.map((name) => `"${name}"`).join(', ')}) if name in os.environ}
    fds = [int(argv[0].rsplit("/", 1)[1])] if argv[0].startswith("/proc/self/fd/") else []
    # What is read from a pipe is gone: nobody can read it a second time.
    source = subprocess.DEVNULL
    if text is not None:
        source, end = os.pipe()
        os.write(end, text.encode())
        os.close(end)
    # A file, not a pipe: who inherits it cannot keep us waiting.
    with tempfile.TemporaryFile(dir=place) as output:
        process = subprocess.Popen(argv, cwd=cwd or root, env={**inherited, "PATH": path, **(env or {})}, stdin=source,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True, pass_fds=fds)
        if text is not None:
            os.close(source)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        process.kill()
        process.wait()
        end_all()
        size = output.seek(0, os.SEEK_END)
        if size > LIMIT:
            say(f"{size} bytes were printed; {LIMIT} are allowed")
            code = None
        output.seek(0)
        return code, output.read(LIMIT).decode("utf-8", "replace")

def sealed(program):
    fd = os.memfd_create("check", os.MFD_ALLOW_SEALING)
    with open(program, "rb") as source, os.fdopen(os.dup(fd), "wb") as target:
        shutil.copyfileobj(source, target)
    # No shrinking, growing or writing, and no change of these (F_ADD_SEALS is 1033).
    fcntl.fcntl(fd, 1033, 1 | 2 | 4 | 8)
    return f"/proc/self/fd/{fd}"

def write(name, text):
    target = os.path.join(place, name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)
    return target

def by_file(tests):
    files = {}
    for name in tests:
        files.setdefault(name.split("::")[0], []).append(name.split("::", 1)[1] if "::" in name else "")
    return files
`;

/** What a guarded runner signs when the tools of its language are not there. */
const missingTools = 'devfactory::missing';

/** The call of a guarded runner: `source` is the program, `trouble` what a person is told when it reports `missingTools`. */
export function guardedTestRun(source: string, trouble: string): Toolchain['testRun'] {
  return ({ files, tests, nonce, timeoutMs }) => {
    const locked = files.map(({ path }) => path);
    const seconds = Math.ceil(timeoutMs / 1000);
    return {
      command: { argv: ['/usr/bin/python3', '-I', `${runnerFolder}/runner.py`], timeoutMs },
      runnerFiles: [{ path: 'runner.py', content: guardSource + source }],
      stdin: JSON.stringify({ key: nonce, tests, locked, seconds }),
      outcomes: ({ stdout }) => outcomesOf(tests, withoutControls(readReports(stdout, nonce), nonce).reports),
      trouble: ({ stdout }) => (readReports(stdout, nonce).some(({ id }) => id === missingTools) ? trouble : null),
      deception: ({ stdout }) => deceptionOf(withoutControls(readReports(stdout, nonce), nonce)),
    };
  };
}
