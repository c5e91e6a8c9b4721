import { createHmac, timingSafeEqual } from 'node:crypto';

/** Asked of a file in a test's place, it means all that the file has; no test is called so. */
export const anyTest = 'devfactory looks for tests';

export type TestOutcome = 'passed' | 'failed' | 'skipped' | 'missing';

/** What a runner said about one test, or about itself. */
export interface TestReport {
  readonly id: string;
  readonly outcome: Exclude<TestOutcome, 'missing'>;
}

const line = /^@@devfactory (\d{1,9}) ([0-9a-f]{64}) ([A-Za-z0-9+/]+={0,2})$/;

/**
 * Report lines of a test runner that shares its output with the code under test: `@@devfactory SEQUENCE MAC BASE64`, where BASE64 holds
 * JSON {"id","outcome"} and MAC is HMAC-SHA-256 of 'SEQUENCE.BASE64' with the nonce's text as key. A line that was not signed with the
 * nonce, or repeats a place in the sequence, is not a report: code that has seen the output can neither invent nor replay one.
 */
export function readReports(output: string, nonce: string): readonly TestReport[] {
  const reports: TestReport[] = [];
  let last = 0;
  for (const text of output.split('\n')) {
    const match = line.exec(text.trimEnd());
    if (!match) continue;
    const [, sequence = '', mac = '', body = ''] = match;
    const wanted = createHmac('sha256', nonce).update(`${sequence}.${body}`).digest();
    if (!timingSafeEqual(wanted, Buffer.from(mac, 'hex')) || Number(sequence) <= last) continue;
    last = Number(sequence);
    const report = asReport(Buffer.from(body, 'base64').toString('utf8'));
    if (report) reports.push(report);
  }
  return reports;
}

function asReport(text: string): TestReport | null {
  const value: unknown = JSON.parse(text);
  if (value === null || typeof value !== 'object' || !('id' in value) || !('outcome' in value)) return null;
  const { id, outcome } = value;
  if (typeof id !== 'string' || (outcome !== 'passed' && outcome !== 'failed' && outcome !== 'skipped')) return null;
  return { id, outcome };
}

/**
 * Whether the controls of a file's tests run before them or after. The runner computes the same from the nonce, so code that rewrites
 * reports does not know which of two it looks at.
 */
export function controlsGoFirst(nonce: string, file: string): boolean {
  return ((createHmac('sha256', nonce).update(`control.${file}`).digest()[0] ?? 0) & 1) === 1;
}

export interface Controlled {
  /** What is left without the controls. A test whose control did not run is not in it, one whose control did not fail has failed. */
  readonly reports: readonly TestReport[];
  /** Ids whose control did not fail: the code under test decides what the runner says. */
  readonly deceived: readonly string[];
}

/**
 * Takes the controls out of a runner's reports. For each test the runner also runs one of the same name that does nothing but fail: where
 * that one is reported as anything else, the code under test has bent the runner, and what it says about the test itself means nothing.
 */
export function withoutControls(reports: readonly TestReport[], nonce: string): Controlled {
  const byId = Map.groupBy(reports, ({ id }) => id);
  const deceived: string[] = [];
  const real = [...byId].flatMap(([id, all]) => {
    if (all.length < 2) return [];
    const first = controlsGoFirst(nonce, id.split('::')[0] ?? '');
    if (all.at(first ? 0 : -1)?.outcome === 'failed') return first ? all.slice(1) : all.slice(0, -1);
    deceived.push(id);
    return [{ id, outcome: 'failed' as const }];
  });
  return { reports: real, deceived };
}

/**
 * By id what a run said that was asked for `anyTest`. Some runners make a control for each test by themselves, others only for names they
 * are given; with those an id that passed twice is two tests of one name. Whoever bends a runner is found out by the check that is made
 * of this, and by what the run says of deception.
 */
export function foundTests(reports: readonly TestReport[], nonce: string): ReadonlyMap<string, TestReport['outcome']> {
  const told = reports.filter(({ id }) => !id.endsWith(`::${anyTest}`) && !id.endsWith(' > *'));
  const controlled = new Map(withoutControls(told, nonce).reports.map(({ id, outcome }) => [id, outcome]));
  return new Map(
    [...Map.groupBy(told, ({ id }) => id)].map(([id, all]) => [
      id,
      all.every(({ outcome }) => outcome === 'passed')
        ? 'passed'
        : (controlled.get(id) ?? (all.length === 1 ? all[0]?.outcome : null) ?? 'failed'),
    ]),
  );
}

/** What is said to a person about ids whose control did not fail; null when there are none. */
export function deceptionOf({ deceived }: Controlled): string | null {
  const [one] = deceived;
  return one === undefined
    ? null
    : `The code under test changes what the test runner reports: a control that must fail did not, under the name ${one}. No result of this run counts.`;
}

/**
 * The outcome of each expected id. One that was reported more than once, or that stands for several (`matches` says so), passed when
 * all of them did; one that nobody reported is missing.
 */
export function outcomesOf(
  expected: readonly string[],
  reports: readonly TestReport[],
  matches: (expected: string, reported: string) => boolean = (a, b) => a === b,
): readonly { readonly id: string; readonly outcome: TestOutcome }[] {
  return expected.map((id) => {
    const own = reports.filter((report) => matches(id, report.id)).map(({ outcome }) => outcome);
    if (own.length === 0) return { id, outcome: 'missing' };
    return { id, outcome: own.includes('failed') ? 'failed' : own.includes('skipped') ? 'skipped' : 'passed' };
  });
}
