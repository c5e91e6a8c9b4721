import type { Check, CheckSpec, Mutant } from '@devfactory/contracts';
import type { Outcome } from '../verify/outcome.ts';
import { type Candidate, mutantOf, mutated, type Reach } from './candidates.ts';
import type { Probed } from './reach.ts';
import { type Bench, leave, type Ran, tryOut } from './trial.ts';
import { type Variant, type Variants, variantsOf, withVariants } from './variants.ts';

/** A check as its mutants ask it, and what was seen of it on the tree as it is. */
export interface Subject {
  readonly check: Check;
  readonly bench: Bench;
  readonly locked: CheckSpec;
  /** As locked; for tests with their variants beside it. */
  readonly spec: CheckSpec;
  readonly nullTests: Variant['tests'];
  readonly timeoutMs: number;
  /** Where it comes by; null when that could not be observed. */
  readonly reach: Reach;
  /** Tests that passed when they expected something else. */
  readonly agrees: readonly string[];
  /** What came of a mutant that was tried before anything else. */
  readonly guessed: { readonly candidate: Candidate; readonly mutant: Mutant } | null;
}

/** A run that takes longer than this many times the unchanged one hangs. */
const patience = 3;
const patienceMs = 3000;
/** For a mutant that is tried before it is known how long the check takes. */
const guessMs = 10_000;

/** A check as it is locked, and as its mutants ask it. */
export interface Question {
  readonly locked: CheckSpec;
  /** For tests with their variants beside them. */
  readonly spec: CheckSpec;
  readonly variants: Variants;
}

export async function questionOf(locked: CheckSpec): Promise<Question> {
  if (locked.kind !== 'test') return { locked, spec: locked, variants: { nulls: [], twisted: null } };
  const variants = await variantsOf(locked);
  const all = [...variants.nulls, ...(variants.twisted ? [variants.twisted] : [])];
  return { locked, spec: withVariants(locked, all), variants };
}

interface Look {
  readonly probed: Probed | null;
  /** A mutant that this check is likely to notice; null when that cannot be guessed. */
  readonly guess: Candidate | null;
}

/**
 * Runs a check on a tree that notes what is executed, with its variants beside it; where that disturbs it, on the tree as it is. Where the
 * sandbox is shared, a likely mutant goes before: it is tried in a new sandbox then, and the check still has to pass after it.
 */
export async function observed(bench: Bench, question: Question, { probed, guess }: Look): Promise<Subject> {
  const { spec } = question;
  const sight = { bench, ...question };
  const wanted = bench.place.shared ? guess : null;
  const early = wanted && (await tryOn({ bench, spec, timeoutMs: Math.min(guessMs, bench.check.timeoutMs) }, wanted));
  const seen = probed && (await seenOn(sight, probed));
  if (!seen) {
    // What came before may be why, so that does not count.
    await leave(bench);
    return (await seenOn(sight, null)) ?? unseen(sight);
  }
  if (!wanted) return seen;
  return { ...seen, guessed: { candidate: wanted, mutant: mutantOf(wanted, outcomeOf(seen, early)) } };
}

/** Runs the check on a mutant. */
export async function tryOn(
  { bench, spec, timeoutMs }: Pick<Subject, 'bench' | 'spec' | 'timeoutMs'>,
  candidate: Candidate,
): Promise<Ran | null> {
  const { path, mode } = candidate.file;
  return tryOut(bench, { spec, overlay: [{ path, mode, content: mutated(candidate) }], timeoutMs });
}

export function outcomeOf(subject: Subject, ran: Ran | null): Mutant['outcome'] {
  if (!ran) return 'unusable';
  if (passedAll(ran.outcome, subject.locked)) return 'survived';
  return isUndisturbed(ran.outcome) && noticed(subject, ran.outcome) ? 'killed' : 'unusable';
}

interface Sight extends Question {
  readonly bench: Bench;
}

function unseen({ bench, locked, spec }: Sight): Subject {
  const { check } = bench;
  const nothing = { nullTests: [], reach: null, agrees: [], guessed: null };
  return { check, bench, locked, spec, timeoutMs: check.timeoutMs, ...nothing };
}

/** Null when the check itself did not pass there. */
async function seenOn(sight: Sight, probed: Probed | null): Promise<Subject | null> {
  const { bench, locked, spec, variants } = sight;
  const began = performance.now();
  // More is run than the check alone.
  const timeoutMs = patience * bench.check.timeoutMs;
  const ran = await tryOut(bench, { spec, overlay: probed?.overlay ?? [], timeoutMs });
  if (!ran || !passedAll(ran.outcome, locked)) return null;
  const ids = passedIds(ran.outcome);
  const quiet = variants.nulls.find(({ tests }) => tests.every(({ id }) => ids.has(id)));
  return {
    ...unseen(sight),
    nullTests: quiet?.tests ?? [],
    timeoutMs: Math.min(timeoutMs, Math.round(patience * (performance.now() - began)) + patienceMs),
    reach: probed ? probed.read(ran.reach) : null,
    agrees: variants.twisted?.tests.filter(({ id }) => ids.has(id)).map(({ of }) => of) ?? [],
  };
}

/** Whether the check as it is locked passed, whatever its variants did. */
function passedAll(outcome: Outcome, locked: CheckSpec): boolean {
  if (locked.kind !== 'test') return outcome.verdict === 'passed';
  const ids = passedIds(outcome);
  return isUndisturbed(outcome) && locked.tests.every((id) => ids.has(id));
}

/**
 * Whether a failure shows that the check noticed the change, and not only that nothing ran: an HTTP answer came, a page did, a command ended as
 * expected or with success, the tests without their assertions passed.
 */
function noticed({ locked, nullTests }: Subject, outcome: Outcome): boolean {
  switch (locked.kind) {
    case 'browser':
    case 'http':
      return / -> \d{3}(;|$)/.test(outcome.command);
    case 'command':
      return outcome.exitCode === 0 || outcome.exitCode === locked.expect.exitCode;
    case 'test': {
      const ids = passedIds(outcome);
      return nullTests.length > 0 && nullTests.every(({ id }) => ids.has(id));
    }
    case 'file':
      return false;
  }
}

function passedIds({ tests = [] }: Outcome): ReadonlySet<string> {
  return new Set(tests.filter((test) => test.outcome === 'passed').map(({ id }) => id));
}

/** False where the code bent its runner, hung or never got to its tests: then what is said about single tests means nothing. */
function isUndisturbed({ verdict, cause }: Outcome): boolean {
  return verdict === 'passed' || cause === 'assertion';
}
