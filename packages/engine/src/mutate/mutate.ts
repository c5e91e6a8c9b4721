import { canonicalJson, type Check, type Mutation } from '@devfactory/contracts';
import { openSourceTree } from '../checkpoints/index.ts';
import { expectRunners } from '../verify/checks/runners.ts';
import { inCleanRoom, type Room } from '../verify/clean-room.ts';
import { atATime, pool } from '../verify/pool.ts';
import { lockedFiles, lockedSpec } from '../verify/prepare/locked-spec.ts';
import { defaultCheckLimits, type VerifyDeps } from '../verify/request.ts';
import type { Ready } from '../verify/sandbox/check-sandbox.ts';
import { Sandboxes } from '../verify/sandbox/sandboxes.ts';
import { type Candidate, orderFor } from './candidates.ts';
import { type ChangedFile, changedCode } from './changed-code.ts';
import { judge } from './judge.ts';
import { probe, sharedBy } from './reach.ts';
import { type About, judgedMutation, type Verdict, withoutMutants } from './record.ts';
import type { MutateRequest } from './request.ts';
import { observed, questionOf, type Subject } from './subject.ts';
import { type Bench, canShare, leave } from './trial.ts';
import { hasUnreadTests } from './variants.ts';

/**
 * Judges checks by changing the code that they judge: gives one Mutation for each check, as it comes. Uses the same clean sandboxes as a
 * verification and throws what `verify` throws. What it finds is no evidence: it can only take a proof away.
 */
export function mutate(
  deps: VerifyDeps,
  request: MutateRequest,
  signal: AbortSignal,
): AsyncGenerator<Mutation, void, void> {
  const sandboxes = new Sandboxes(deps.driver, defaultCheckLimits);
  const { runId, id, checkpoint, checks } = request;
  // None is asked as it is locked: tests are run with their variants.
  const verification = {
    runId,
    verificationId: id,
    checkpoint,
    onBase: false,
    checks: [],
    plan: request.plan ?? checks,
  };
  return inCleanRoom({ deps, request: verification, sandboxes }, signal, (room) => mutationsOf(room, request));
}

async function* mutationsOf(room: Room, request: MutateRequest): AsyncGenerator<Mutation, void, void> {
  const { verifying, prepared, track } = room;
  const about = (check: Check): About => ({ check, request, blobs: verifying.deps.blobs });
  const say =
    (verdict: Verdict) =>
    (check: Check): Mutation =>
      withoutMutants(about(check), verdict);
  const asked = request.checks.filter(({ kind }) => kind !== 'file');
  const read = say({
    outcome: 'not-applicable',
    reason: 'It reads a file; nothing is executed that could be changed.',
  });
  yield* request.checks.filter((check) => !asked.includes(check)).map(read);
  const files = await changedFiles(room, request);
  if (files.length === 0 || asked.length === 0) {
    const reason =
      'Nothing that changed can be mutated: no grammar knows it, or there is no condition, value or call in it.';
    yield* asked.map(say({ outcome: 'not-applicable', reason }));
    return;
  }
  const ready = await prepared();
  if (ready.status === 'not-ready') {
    const reason = `The tree could not be made ready again: ${ready.outcome.excerpt.slice(0, 500)}`;
    yield* asked.map(say({ outcome: 'inconclusive', reason }));
    return;
  }
  const { budgetMs, inputs = {} } = request;
  const subjects = await subjectsOf(room, { checks: asked, ready, files, budgetMs, inputs });
  const shared = sharedBy(subjects.map(({ reach }) => reach));
  yield* pool(subjects, atATime(), (subject) => {
    const { check, bench, locked, reach, agrees } = subject;
    // Without a null check that passes on the tree as it is, no failure can be told from a tree that does not run.
    const deaf = locked.kind === 'test' && (hasUnreadTests(locked) || subject.nullTests.length === 0);
    const began = performance.now();
    const candidates = orderFor({ id: check.id, words: canonicalJson(locked) }, files, {
      reach,
      shared,
      seen: bench.prepared.scope?.keys ?? null,
    });
    const judging = judge(subject, candidates);
    return track(
      judging.then((judgement) => judgedMutation(about(check), { judgement, agrees, candidates, deaf, began })),
    );
  });
}

async function changedFiles({ verifying }: Room, request: MutateRequest): Promise<ChangedFile[]> {
  const { blobs } = verifying.deps;
  const locked = await lockedFiles(blobs, request.checks);
  const base = await openSourceTree(blobs, request.base);
  return changedCode({ base, head: verifying.tree }, new Set(locked.map(({ path }) => path)));
}

interface Asked {
  readonly checks: readonly Check[];
  readonly ready: Ready;
  readonly files: readonly ChangedFile[];
  readonly budgetMs: number;
  readonly inputs: NonNullable<MutateRequest['inputs']>;
}

/** Each check as it is seen on the tree before any mutant. */
async function subjectsOf(
  { verifying, track }: Room,
  { checks, ready, files, budgetMs, inputs }: Asked,
): Promise<Subject[]> {
  const purses = new Map(checks.map(({ requirementId }) => [requirementId, { leftMs: budgetMs }]));
  const probed = await probe(files);
  const questions = await Promise.all(
    checks.map(async (check) => ({ check, ...(await questionOf(await lockedSpec(verifying.deps.blobs, check))) })),
  );
  const asked = questions.flatMap(({ spec }) => (spec.kind === 'test' ? [spec] : []));
  expectRunners(verifying.runners, ready.recognised, asked);
  const look = async ({ check, ...question }: (typeof questions)[number]): Promise<Subject> => {
    const purse = purses.get(check.requirementId) ?? { leftMs: budgetMs };
    const { locked } = question;
    const scope = await verifying.scopes.of(check);
    const prepared = scope && scope.inputs === inputs[check.id] ? { ...ready, scope } : ready;
    const bench = { verifying, prepared, check, purse, place: { shared: canShare(prepared, locked) } };
    try {
      return await observed(bench, question, { probed, guess: guessFor(bench, canonicalJson(locked), files) });
    } finally {
      // Its next trials come when all others have been looked at.
      await leave(bench);
    }
  };
  const subjects: Subject[] = [];
  for await (const subject of pool(questions, atATime(), (question) => track(look(question)))) subjects.push(subject);
  return subjects;
}

/** Most places to choose from where a mutant is tried before it is known which of them the check gets to. */
const mostPlaces = 12;

/** A mutant of the little code that a check sees; null where it sees much. */
function guessFor({ check, prepared }: Bench, words: string, files: readonly ChangedFile[]): Candidate | null {
  const order = { reach: null, shared: () => 0, seen: prepared.scope?.keys ?? null };
  const { toTry } = orderFor({ id: check.id, words }, files, order);
  if (new Set(toTry.map(({ place }) => place)).size > mostPlaces) return null;
  return toTry.find(({ site }) => site.change === 'replaced-return') ?? toTry[0] ?? null;
}
