import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from './check-tools.mjs';
import { root, say } from './machine.mjs';
import { runSupervised } from './supervised.mjs';
import { findBrowser } from './system-packages.mjs';

const reports = join(root, '.build');

/** Unit and integration tests. */
export async function runVitest({ long }) {
  const report = freshReport('vitest.json');
  const env = toolEnvironment({ DEVFACTORY_LONG: long ? '1' : '', DEVFACTORY_VITEST_REPORT: report });
  const command = ['vitest', 'run', '--reporter=default', '--reporter=./bootstrap/vitest-reporter.mjs'];
  const code = await runSupervised(command, { env, limitSeconds: long ? 7200 : 2700 });
  return settle('vitest', { code, tally: readReport(report, tallyVitest) });
}

/** The whole factory in a real browser. */
export async function runPlaywright() {
  const browser = findBrowser();
  if (browser === undefined) {
    say('SKIPPED  e2e: no Chromium here. On Debian: sudo apt-get install -y --no-install-recommends chromium');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const report = freshReport('playwright.json');
  const env = toolEnvironment({ PLAYWRIGHT_JSON_OUTPUT_FILE: report, DEVFACTORY_CHROMIUM: browser });
  const command = ['playwright', 'test', '--config=e2e/playwright.config.ts', '--reporter=list,json'];
  const code = await runSupervised(command, { env, limitSeconds: 1200 });
  return settle('e2e', { code, tally: readReport(report, tallyPlaywright) });
}

/** The report of vitest-reporter.mjs as a tally; each skipped test is named with its reason. */
export function tallyVitest({ tests, errors }, tell = say) {
  const count = (state) => tests.filter((test) => test.state === state).length;
  for (const test of tests.filter((each) => each.state === 'skipped')) {
    tell(`SKIPPED  ${test.name}: ${test.note ?? 'its condition does not hold on this machine'}`);
  }
  // A test that never came to an end is no pass; a file that cannot be loaded or a stray rejection is a failure too.
  return { passed: count('passed'), failed: count('failed') + count('pending') + errors, skipped: count('skipped') };
}

/** Playwright's JSON report as a tally. A test that passed only on a second try is counted as failed. */
export function tallyPlaywright(report) {
  for (const spec of report.suites.flatMap(specsOf)) {
    for (const test of spec.tests.filter((each) => each.status === 'skipped')) {
      const reason = test.annotations.map((note) => note.description).find(Boolean) ?? 'no reason given';
      say(`SKIPPED  ${spec.title}: ${reason}`);
    }
  }
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/**
 * A runner's word is only believed where exit code and report agree: one that died, reported nothing or collected
 * nothing has failed.
 */
export function settle(name, { code, tally }, tell = say) {
  const { passed = 0, failed = 0, skipped = 0 } = tally ?? {};
  if (tally === undefined) tell(`FAILED  ${name}: exit code ${code} and no readable report.`);
  else if (passed + failed + skipped === 0) tell(`FAILED  ${name}: no test was collected.`);
  else if (code !== 0 && failed === 0) tell(`FAILED  ${name}: exit code ${code} though no test failed; see above.`);
  else return { passed, failed, skipped };
  return { passed, failed: failed + 1, skipped };
}

function freshReport(name) {
  mkdirSync(reports, { recursive: true });
  const report = join(reports, name);
  rmSync(report, { force: true });
  return report;
}

function readReport(path, tallyOf) {
  if (!existsSync(path)) return undefined;
  try {
    return tallyOf(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    say(`${path} cannot be read: ${error.message}`);
    return undefined;
  }
}
