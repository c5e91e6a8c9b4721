import { fewestSurvivors, type Mutant } from '@devfactory/contracts';
import { type Candidate, mutantOf, type Ordered } from './candidates.ts';
import { outcomeOf, type Subject, tryOn } from './subject.ts';
import { leave } from './trial.ts';

/** What came of one check's mutants. */
export interface Judgement {
  readonly mutants: readonly Mutant[];
  /** True when there was more to try that might have been noticed: it ran out of time or of tries. */
  readonly cutShort: boolean;
}

/** Tries of one check without a kill, or in all; and those that it gets until there are enough answers, however long they take. */
const mostTries = 12;
const triesAnyway = 2 * fewestSurvivors;

/**
 * Changes the code until the check has noticed something: then it is not blind, and more would only cost time. A check that has noticed
 * nothing gets all the tries and time there are, so that only one that cannot tell is called weak.
 */
export async function judge(subject: Subject, { toTry, unreached }: Ordered): Promise<Judgement> {
  const { guessed, bench } = subject;
  const mutants: Mutant[] = guessed ? [guessed.mutant] : [];
  const count = (outcome: Mutant['outcome']): number => mutants.filter((item) => item.outcome === outcome).length;
  const left = (list: readonly Candidate[]): Candidate[] => list.filter((item) => !isSame(item, guessed?.candidate));
  try {
    for (const candidate of left(toTry)) {
      if (count('killed') > 0) break;
      // A slow check, or one on a busy machine, is not let off: who could be slow on purpose would never be weak.
      const enough = count('survived') >= fewestSurvivors || mutants.length >= triesAnyway;
      if (mutants.length >= mostTries || (bench.purse.leftMs <= 0 && enough)) return { mutants, cutShort: true };
      mutants.push(mutantOf(candidate, await tried(subject, candidate)));
    }
  } finally {
    await leave(bench);
  }
  // What the check does not execute it cannot notice: no need to look.
  for (const candidate of left(unreached)) {
    if (count('killed') > 0 || count('survived') >= fewestSurvivors) break;
    mutants.push(mutantOf(candidate, 'survived'));
  }
  return { mutants, cutShort: false };
}

function isSame(a: Candidate, b: Candidate | undefined): boolean {
  return b !== undefined && a.file === b.file && a.site === b.site;
}

/**
 * A kill counts only where nothing ran before it in its sandbox, as for evidence: whatever a sandbox keeps of earlier trials, and whatever
 * code does that can tell that it is not the first, notices no mutant.
 */
async function tried(subject: Subject, candidate: Candidate): Promise<Mutant['outcome']> {
  const ran = await tryOn(subject, candidate);
  const outcome = outcomeOf(subject, ran);
  if (outcome !== 'killed' || ran?.inNew === true) return outcome;
  await leave(subject.bench);
  return outcomeOf(subject, await tryOn(subject, candidate));
}
