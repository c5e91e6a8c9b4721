import { fewestSurvivors, type Mutant } from '@devfactory/contracts';
import type { Outcome } from '../verify/outcome.ts';
import { type Candidate, mutantOf, mutated, type Ordered } from './candidates.ts';
import { isUndisturbed, passedIds, type Subject } from './subject.ts';
import { tryOut } from './trial.ts';

/** What came of one check's mutants. */
export interface Judgement {
  readonly mutants: readonly Mutant[];
  /** True when there was more to try that might have been noticed: it ran out of time or of tries. */
  readonly cutShort: boolean;
}

/** Tries of one check without a kill, or in all. */
const mostTries = 12;

/**
 * Changes the code until the check has noticed something: then it is not blind, and more would only cost time. A check that has noticed
 * nothing gets all the tries and time there are, so that only one that cannot tell is called weak.
 */
export async function judge(subject: Subject, { toTry, unreached }: Ordered): Promise<Judgement> {
  const mutants: Mutant[] = [];
  const count = (outcome: Mutant['outcome']): number => mutants.filter((item) => item.outcome === outcome).length;
  for (const candidate of toTry) {
    if (count('killed') > 0) break;
    if (mutants.length >= mostTries || subject.bench.purse.leftMs <= 0) return { mutants, cutShort: true };
    mutants.push(mutantOf(candidate, await tryMutant(subject, candidate)));
  }
  // What the check does not execute it cannot notice: no need to look.
  for (const candidate of unreached) {
    if (count('killed') > 0 || count('survived') >= fewestSurvivors) break;
    mutants.push(mutantOf(candidate, 'survived'));
  }
  return { mutants, cutShort: false };
}

async function tryMutant(subject: Subject, candidate: Candidate): Promise<Mutant['outcome']> {
  const { path, mode } = candidate.file;
  const overlay = [{ path, mode, content: mutated(candidate) }];
  const ran = await tryOut(subject.bench, { spec: subject.spec, overlay, timeoutMs: subject.timeoutMs });
  if (!ran) return 'unusable';
  if (ran.outcome.verdict === 'passed') return 'survived';
  return isUndisturbed(ran.outcome) && noticed(subject, ran.outcome) ? 'killed' : 'unusable';
}

/**
 * Whether a failure shows that the check noticed the change, and not only that nothing ran: an HTTP answer came, a command ended as
 * expected or with success, the tests without their assertions passed.
 */
function noticed({ spec, nullTests }: Subject, outcome: Outcome): boolean {
  switch (spec.kind) {
    case 'http':
      return / -> \d{3}$/.test(outcome.command);
    case 'command':
      return outcome.exitCode === 0 || outcome.exitCode === spec.expect.exitCode;
    case 'test': {
      const ids = passedIds(outcome);
      return nullTests.length > 0 && nullTests.every(({ id }) => ids.has(id));
    }
    case 'file':
      return false;
  }
}
