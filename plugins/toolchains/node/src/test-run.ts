import { outcomesOf, readReports, runnerFolder, type Toolchain } from '@devfactory/kit';
import { runnerSource } from './runner-source.ts';

/** Node's own test runner in one process, called with locked files alone. */
export const nodeTestRun: Toolchain['testRun'] = ({ files, tests, nonce, timeoutMs }) => {
  const wanted = new Set(tests.map((id) => id.split('::')[0]));
  const paths = files.map(({ path }) => path).filter((path) => wanted.has(path));
  return {
    command: {
      argv: ['node', `${runnerFolder}/runner.mjs`, ...paths],
      env: { NODE_OPTIONS: '', NODE_ENV: 'test' },
      timeoutMs,
    },
    runnerFiles: [{ path: 'runner.mjs', content: runnerSource }],
    stdin: nonce,
    outcomes: ({ stdout }) => outcomesOf(tests, spread(tests, readReports(stdout, nonce))),
    trouble: () => null,
  };
};

/** A suite that failed by itself (a hook threw) takes the tests in it along, whatever they said before. */
function spread(tests: readonly string[], reports: ReturnType<typeof readReports>): ReturnType<typeof readReports> {
  const suites = reports.filter(({ id }) => id.endsWith(' > *'));
  const fallen = suites.flatMap(({ id }) =>
    tests.filter((test) => test.startsWith(id.slice(0, -1))).map((test) => ({ id: test, outcome: 'failed' as const })),
  );
  return [...reports, ...fallen];
}
