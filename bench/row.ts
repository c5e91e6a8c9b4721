import type { Figure } from './report/figure.ts';
import type { Bench } from './stage/bench.ts';

export interface Measured {
  readonly figures: readonly Figure[];
  /** What the reader must know beside the numbers, e.g. a reference that is not on this machine. */
  readonly notes?: readonly string[];
}

/** One thing that is measured, beside a reference in the same run. */
export interface Row {
  /** What --only takes. */
  readonly name: string;
  readonly title: string;
  /** Throws with a sentence when this machine cannot measure it. What it opens is given to `bench.after`. */
  measure(bench: Bench): Promise<Measured>;
}
