import { randomUUID } from 'node:crypto';
import { canonicalJson, CheckSpec, counted, type Check, type Fact, type RunState } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { egressFact } from '../egress-sums.ts';
import { sourceNotes, type SourceNote } from '../source/source-notes.ts';
import { surveyTests, type TestSuite, type TestSurvey } from '../verify/index.ts';
import { packSuites, testFilesOf } from './pack-suites.ts';
import { factory, type RunSession } from './session.ts';

const shownRed = 50;
const least = 60_000;
const most = 600_000;

/**
 * Looks at what a run began with, once: says what is odd about it, and makes the tests that it brings along, as far as they pass, checks
 * that have to hold before the work and after it. A person's pause ends it; it then begins anew.
 */
export async function survey(session: RunSession): Promise<void> {
  const { deps, journal } = session;
  const base = session.checkpoint('ck-0');
  const interrupts = journal.interrupts();
  let found: TestSurvey;
  try {
    found = await surveyTests(
      { driver: deps.driver, blobs: deps.blobs, toolchains: deps.toolchains },
      { runId: session.state.id, surveyId: randomUUID(), checkpoint: base },
      interrupts.signal,
    );
  } catch (error) {
    if (interrupts.signal.aborted) return;
    throw error;
  } finally {
    interrupts.end();
  }
  const tree = await openSourceTree(deps.blobs, base);
  const notes = await sourceNotes(tree, { recognised: found.toolchains, toolchains: deps.toolchains });
  const kept = packSuites(found.suites);
  const facts = await keepFacts(session.state, { blobs: deps.blobs, suites: kept, durationMs: found.durationMs });
  const dropped = {
    files: countFiles(found.suites) - countFiles(kept),
    tests: countTests(found.suites) - countTests(kept),
  };
  const egress = egressFact(found.egress);
  await journal.append(
    factory,
    {
      type: 'source.surveyed',
      data: {
        checkpointId: base.id,
        files: base.files,
        bytes: base.bytes,
        toolchains: found.toolchains.slice(0, 20).map(({ id, title }) => ({ id, title: title.slice(0, 300) })),
        kept: countTests(kept),
        red: found.red.length,
        ...(found.hindered ? { hindered: true } : {}),
        redTests: found.red.slice(0, shownRed).map((id) => id.slice(0, 300)),
        notes: [...notes, ...testNotes(found, dropped)].slice(0, 20),
      },
    },
    ...facts,
    ...(egress ? [egress] : []),
  );
}

function countFiles(suites: readonly TestSuite[]): number {
  return suites.reduce((sum, suite) => sum + testFilesOf(suite).length, 0);
}

function countTests(suites: readonly TestSuite[]): number {
  return suites.reduce((sum, { tests }) => sum + tests.length, 0);
}

/** One requirement with a check for each file of tests. */
async function keepFacts(
  state: RunState,
  given: { readonly blobs: BlobStore; readonly suites: readonly TestSuite[]; readonly durationMs: number },
): Promise<Fact[]> {
  const { blobs, suites } = given;
  if (suites.length === 0) return [];
  const id = `R-${state.highestRequirement + 1}`;
  const first = state.checks.reduce((highest, check) => Math.max(highest, Number(check.id.slice(2))), 0) + 1;
  const text = `What the project's own tests say still holds: ${counted(countTests(suites), 'test')} in ${counted(countFiles(suites), 'file')}.`;
  const timeoutMs = Math.min(most, Math.max(least, given.durationMs * 4));
  const checks: Check[] = [];
  for (const [index, suite] of suites.entries()) {
    const { toolchain, files, tests } = suite;
    const wanted = CheckSpec.parse({ kind: 'test', toolchain, files: [...files], tests: [...tests] });
    const spec = await blobs.put(new TextEncoder().encode(canonicalJson(wanted)));
    const paths = testFilesOf(suite);
    const more = paths.length > 1 ? ` and ${counted(paths.length - 1, 'more file')}` : '';
    const title = `${counted(tests.length, 'test')} of ${paths[0]?.slice(0, 250)}${more}`;
    checks.push({
      id: `C-${first + index}`,
      version: 1,
      requirementId: id,
      title,
      intent: 'keep',
      timeoutMs,
      kind: 'test',
      spec,
    });
  }
  return [
    { type: 'requirement.added', data: { requirement: { id, version: 1, text, priority: 'must', origin: 'source' } } },
    ...checks.map((check): Fact => ({ type: 'check.proposed', data: { check } })),
  ];
}

function testNotes(
  { suites, red, silent, said, unread, unlocked, trouble }: TestSurvey,
  dropped: { readonly files: number; readonly tests: number },
): SourceNote[] {
  const notes: SourceNote[] = [];
  const say = (kind: SourceNote['kind'], sentence: string, paths: readonly string[] = []): void =>
    void notes.push({
      kind,
      sentence: sentence.slice(0, 1000),
      paths: paths.slice(0, 20).map((path) => path.slice(0, 300)),
    });
  const [which, how] = suites.length > 0 ? ['Some of the', 'these are not kept'] : ['The', 'none is kept'];
  if (trouble !== null) say('tests-not-run', `${which} project's own tests could not be run, so ${how}: ${trouble}`);
  if (red.length > 0)
    say(
      'tests-red',
      `${counted(red.length, 'test')} of the project did not pass twice before any work and is not kept.`,
      red,
    );
  if (silent.length > 0)
    say(
      'tests-not-run',
      `Of ${counted(silent.length, 'file')} no test could be run with the runner that there is for it.${said === '' ? '' : ` It said: ${said}`}`,
      silent,
    );
  if (unread.length > 0)
    say('tests-not-kept', `${counted(unread.length, 'file')} of tests too large, or too many, to be kept.`, unread);
  if (unlocked.length > 0)
    say(
      'tests-not-kept',
      `${counted(unlocked.length, 'file')} beside tests more than a check takes with it: who changes them changes what those tests ask.`,
      unlocked,
    );
  if (dropped.tests > 0)
    say(
      'tests-not-kept',
      `${counted(dropped.tests, 'test')}${dropped.files > 0 ? `, all of ${counted(dropped.files, 'file')} among them,` : ''} are not kept: more than checks take, or with names of over 500 characters.`,
    );
  return notes;
}
