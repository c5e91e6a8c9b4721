import { deceptionOf, outcomesOf, readReports, runnerFolder, type Toolchain, withoutControls } from '@devfactory/kit';
import { projectEnv } from './project.ts';
import { runnerSource } from './runner-source.ts';

/** What the runner signs when there is no pytest to run. */
const noRunner = 'devfactory::no-pytest';

/** pytest, called with locked files and configuration alone: no conftest, ini file or plugin of the project takes part. */
export const pythonTestRun: Toolchain['testRun'] = ({ files, tests, nonce, timeoutMs }) => {
  const locked = files.map(({ path }) => path);
  const wanted = new Set(tests.map((id) => id.split('::')[0]));
  const conftests = locked.filter((path) => path === 'conftest.py' || path.endsWith('/conftest.py'));
  const paths = locked.filter((path) => wanted.has(path));
  return {
    command: {
      argv: ['python', '-I', `${runnerFolder}/runner.py`, ...paths],
      env: { ...projectEnv, PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1', PYTEST_ADDOPTS: '' },
      timeoutMs,
    },
    runnerFiles: [
      { path: 'runner.py', content: runnerSource },
      { path: 'pytest.ini', content: '[pytest]\n' },
    ],
    stdin: JSON.stringify({ key: nonce, conftests }),
    // An id without brackets stands for all cases of a parametrised test.
    outcomes: ({ stdout }) =>
      outcomesOf(
        tests,
        withoutControls(readReports(stdout, nonce), nonce).reports,
        (expected, reported) => reported === expected || reported.startsWith(`${expected}[`),
      ),
    trouble: ({ stdout }) =>
      readReports(stdout, nonce).some(({ id }) => id === noRunner)
        ? 'pytest is not there and could not be installed. Install it with: apt-get install python3-pytest, or give this machine access to a package index, and verify again.'
        : null,
    deception: ({ stdout }) => deceptionOf(withoutControls(readReports(stdout, nonce), nonce)),
  };
};
