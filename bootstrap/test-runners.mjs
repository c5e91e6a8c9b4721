import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from './check-tools.mjs';
import { root, say } from './machine.mjs';
import { runSupervised } from './supervised.mjs';
import { findBrowser } from './system-packages.mjs';

const reports = join(root, '.build');

/**
 * Unit and integration tests. In a pipeline (CI is set) the files of a few failures run once more, with nothing beside them: what
 * passes then is told as unsteady instead of stopping everything. At a desk every failure counts at once.
 */
export async function runVitest({ long }) {
  const first = await vitestRun(long, []);
  const files = first.report ? failedFiles(first.report) : [];
  if (!process.env['CI'] || files.length === 0 || files.length > 8) return settle('vitest', first, tallyVitest);
  say(`Once more, alone: ${files.join(' ')}`);
  const second = await vitestRun(long, files);
  if (second.report === undefined) return settle('vitest', first, tallyVitest);
  return settle('vitest', { code: second.code, report: withSecondRun(first.report, second.report) }, tallyVitest);
}

async function vitestRun(long, files) {
  const report = freshReport('vitest.json');
  const env = toolEnvironment({ DEVFACTORY_LONG: long ? '1' : '', DEVFACTORY_VITEST_REPORT: report });
  const alone = files.length > 0 ? ['--maxWorkers=1'] : [];
  const command = [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=./bootstrap/vitest-reporter.mjs',
    ...alone,
    ...files,
  ];
  const code = await runSupervised(command, { env, limitSeconds: long ? 7200 : 2700 });
  return { code, report: readReport(report) };
}

/** The whole factory in a real browser. */
export async function runPlaywright() {
  const browser = findBrowser();
  if (browser === undefined) {
    say('SKIPPED  e2e: no Chromium here. On Debian: sudo apt-get install -y --no-install-recommends chromium');
    return { passed: 0, failures: [], skipped: 1 };
  }
  const report = freshReport('playwright.json');
  const env = toolEnvironment({ PLAYWRIGHT_JSON_OUTPUT_FILE: report, DEVFACTORY_CHROMIUM: browser });
  const command = ['playwright', 'test', '--config=e2e/playwright.config.ts', '--reporter=list,json'];
  const code = await runSupervised(command, { env, limitSeconds: 1200 });
  return settle('e2e', { code, report: readReport(report) }, tallyPlaywright);
}

/** The files that hold a failure; empty where one cannot be laid to a file, as a second run would not tell of it. */
export function failedFiles({ tests, errors }) {
  const failures = [...tests.filter(failed), ...errors];
  return failures.every((each) => each.file) ? [...new Set(failures.map((each) => each.file))] : [];
}

/** The first run with what the second one says of its files; what passes only now is named. */
export function withSecondRun(first, second, tell = say) {
  const files = failedFiles(first);
  for (const test of first.tests.filter(failed)) {
    const now = second.tests.find((each) => each.file === test.file && each.name === test.name);
    if (now?.state === 'passed') tell(`UNSTEADY ${failureLine(test)}`);
  }
  const kept = first.tests.filter((test) => !files.includes(test.file));
  return { tests: [...kept, ...second.tests], errors: second.errors };
}

/** The report of vitest-reporter.mjs as a tally; each skipped test is named with its reason. */
export function tallyVitest({ tests, errors }, tell = say) {
  const count = (state) => tests.filter((test) => test.state === state).length;
  for (const test of tests.filter((each) => each.state === 'skipped')) {
    tell(`SKIPPED  ${test.name}: ${test.note ?? 'its condition does not hold on this machine'}`);
  }
  // A file that cannot be loaded or a stray rejection is a failure too.
  const failures = [...tests.filter(failed), ...errors].map(failureLine);
  return { passed: count('passed'), failures, skipped: count('skipped') };
}

/** A test that never came to an end is no pass. */
function failed(test) {
  return test.state === 'failed' || test.state === 'pending';
}

function failureLine({ file = '', name = '', problem = 'it never ended' }) {
  return `${file}  ${name}: ${problem}`;
}

/** Playwright's JSON report as a tally. What passed only on the second try of a pipeline is named as unsteady, too. */
export function tallyPlaywright(report, tell = say) {
  const tests = report.suites.flatMap(specsOf).flatMap((spec) => spec.tests.map((test) => ({ ...test, spec })));
  for (const { spec, annotations } of tests.filter((each) => each.status === 'skipped')) {
    const reason = annotations.map((note) => note.description).find(Boolean) ?? 'no reason given';
    tell(`SKIPPED  ${spec.title}: ${reason}`);
  }
  const linesOf = (status) =>
    tests
      .filter((test) => test.status === status)
      .map(({ spec, results }) => failureLine({ file: spec.file, name: spec.title, problem: firstLine(results) }));
  for (const line of linesOf('flaky')) tell(`UNSTEADY ${line}`);
  const failures = [...linesOf('unexpected'), ...report.errors.map(({ message }) => failureLine({ problem: message }))];
  const { expected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failures, skipped };
}

function firstLine(results) {
  const error = results.flatMap((result) => result.errors ?? []).find((each) => each.message);
  return error?.message.split('\n')[0] ?? 'see above';
}

function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/**
 * A runner's word is only believed where exit code and report agree: one that died, reported nothing or collected
 * nothing has failed.
 */
export function settle(name, { code, report }, tallyOf) {
  const { passed = 0, failures = [], skipped = 0 } = report ? tallyOf(report) : {};
  const doubt = doubtOf({ code, report, ran: passed + failures.length + skipped, failed: failures.length });
  return { passed, failures: doubt ? [...failures, `${name}: ${doubt}`] : failures, skipped };
}

function doubtOf({ code, report, ran, failed: count }) {
  if (report === undefined) return `exit code ${code} and no readable report.`;
  if (ran === 0) return 'no test was collected.';
  if (code !== 0 && count === 0) return `exit code ${code} though no test failed; see above.`;
  return undefined;
}

function freshReport(name) {
  mkdirSync(reports, { recursive: true });
  const report = join(reports, name);
  rmSync(report, { force: true });
  return report;
}

function readReport(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    say(`${path} cannot be read: ${error.message}`);
    return undefined;
  }
}
