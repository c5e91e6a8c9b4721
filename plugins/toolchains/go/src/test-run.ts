import {
  deceptionOf,
  outcomesOf,
  readReports,
  runnerFolder,
  type TestRun,
  type Toolchain,
  withoutControls,
} from '@devfactory/kit';
import { runnerSource } from './runner-source.ts';

/** What the runner signs when there is no Go to run. */
const noGo = 'devfactory::no-go';

/** Ids: 'price/price_test.go::TestTotal', 'price/price_test.go::TestTotal/of none'. */
export const goTestRun: Toolchain['testRun'] = ({ files, tests, nonce, timeoutMs }): TestRun => ({
  command: { argv: ['/usr/bin/python3', '-I', `${runnerFolder}/runner.py`], timeoutMs },
  runnerFiles: [{ path: 'runner.py', content: runnerSource }],
  stdin: JSON.stringify({
    key: nonce,
    tests,
    locked: files.map(({ path }) => path),
    seconds: Math.ceil(timeoutMs / 1000),
  }),
  outcomes: ({ stdout }) => outcomesOf(tests, withoutControls(readReports(stdout, nonce), nonce).reports),
  trouble: ({ stdout }) =>
    readReports(stdout, nonce).some(({ id }) => id === noGo)
      ? 'Go is not there. Install it with: apt-get install golang-go, and verify again.'
      : null,
  deception: ({ stdout }) => deceptionOf(withoutControls(readReports(stdout, nonce), nonce)),
});
