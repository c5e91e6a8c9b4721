import { randomInt } from 'node:crypto';
import { fewestSurvivors, type Mutant } from '@devfactory/contracts';
import { type Candidate, mutantOf, type Ordered } from './candidates.ts';
import { isSteady, outcomeOf, type Subject, tryOn } from './subject.ts';
import { leave } from './trial.ts';

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
  const { guessed, bench } = subject;
  const mutants: Mutant[] = guessed ? [guessed.mutant] : [];
  const count = (outcome: Mutant['outcome']): number => mutants.filter((item) => item.outcome === outcome).length;
  const left = (list: readonly Candidate[]): Candidate[] => list.filter((item) => !isSame(item, guessed?.candidate));
  const tries = new Tries(subject);
  try {
    for (const candidate of left(toTry)) {
      if (count('killed') > 0) break;
      if (mutants.length >= mostTries || bench.purse.leftMs <= 0) return { mutants, cutShort: true };
      mutants.push(mutantOf(candidate, await tries.of(candidate)));
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
 * One check's tries. Where they share a sandbox, the tree as it is gets a run among them, before the first or after a kill: where the
 * check does not pass then, the sandbox is not what a new one would be, and a kill in it says nothing.
 */
class Tries {
  readonly #subject: Subject;
  #controlled = false;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  async of(candidate: Candidate): Promise<Mutant['outcome']> {
    if (this.#subject.bench.place.shared && !this.#controlled && randomInt(2) === 0) await this.#control();
    const outcome = await this.#once(candidate);
    if (outcome !== 'killed' || !this.#subject.bench.place.shared) return outcome;
    if (!this.#controlled) await this.#control();
    return this.#subject.bench.place.shared ? outcome : this.#once(candidate);
  }

  async #once(candidate: Candidate): Promise<Mutant['outcome']> {
    return outcomeOf(this.#subject, await tryOn(this.#subject, candidate));
  }

  async #control(): Promise<void> {
    this.#controlled = true;
    if (await isSteady(this.#subject)) return;
    this.#subject.bench.place.shared = false;
    await leave(this.#subject.bench);
  }
}
