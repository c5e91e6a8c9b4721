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
import { configsOf } from './frameworks.ts';
import { runnerFilesFor } from './runner/index.ts';

/** One run of Vitest, Jest, Mocha or Node's own test runner for each file, called with locked files alone. */
export const nodeTestRun: Toolchain['testRun'] = ({ files, tests, nonce, timeoutMs }) => {
  const wanted = new Set(tests.map((id) => id.split('::')[0]));
  const locked = files.map(({ path }) => path);
  const paths = locked.filter((path) => wanted.has(path));
  const idsOf = (path: string): string[] => [...new Set(tests.filter((id) => id.startsWith(`${path}::`)))];
  return {
    command: {
      argv: ['node', `${runnerFolder}/runner.mjs`],
      env: { NODE_OPTIONS: '', NODE_ENV: 'test', CI: '1' },
      timeoutMs,
    },
    runnerFiles: runnerFilesFor(paths.map(idsOf)),
    stdin: JSON.stringify({
      key: nonce,
      configs: configsOf(locked),
      tests: Object.fromEntries(paths.map((path) => [path, idsOf(path)])),
    }),
    outcomes: ({ stdout }) => {
      const reports = readReports(stdout, nonce);
      return outcomesOf(tests, [...controlled(reports, nonce).reports, ...fallen(tests, reports)]);
    },
    trouble: () => null,
    // Controls have the names that were asked for; others may be two tests of one name.
    deception: ({ stdout }) =>
      deceptionOf(
        controlled(
          readReports(stdout, nonce).filter(({ id }) => tests.includes(id)),
          nonce,
        ),
      ),
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
