import {
  type Controlled,
  deceptionOf,
  outcomesOf,
  readReports,
  runnerFolder,
  type TestReport,
  type Toolchain,
  withoutControls,
} from '@devfactory/kit';
import { controlsSource, runnerSource } from './runner-source.ts';

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
    runnerFiles: [
      { path: 'runner.mjs', content: runnerSource },
      ...paths.map((path, index) => ({
        path: `controls-${index}.mjs`,
        content: controlsSource(tests.filter((id) => id.startsWith(`${path}::`))),
      })),
    ],
    stdin: nonce,
    outcomes: ({ stdout }) => {
      const reports = readReports(stdout, nonce);
      return outcomesOf(tests, [...controlled(reports, nonce).reports, ...fallen(tests, reports)]);
    },
    trouble: () => null,
    deception: ({ stdout }) => deceptionOf(controlled(readReports(stdout, nonce), nonce)),
  };
};

const suiteMark = ' > *';

/** Reports about suites have no controls. */
function controlled(reports: readonly TestReport[], nonce: string): Controlled {
  return withoutControls(
    reports.filter(({ id }) => !id.endsWith(suiteMark)),
    nonce,
  );
}

/** A suite that failed by itself (a hook threw) takes the tests in it along, whatever they said before. */
function fallen(tests: readonly string[], reports: readonly TestReport[]): TestReport[] {
  const suites = reports.filter(({ id }) => id.endsWith(suiteMark));
  return suites.flatMap(({ id }) =>
    tests.filter((test) => test.startsWith(id.slice(0, -1))).map((test) => ({ id: test, outcome: 'failed' as const })),
  );
}
