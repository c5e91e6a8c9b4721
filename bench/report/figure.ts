/** What a figure counts. Times are milliseconds, sizes bytes. */
export type Unit = 'ms' | 'bytes' | 'percent' | 'count';

/** A bound that the design promises; `of: 'ratio'` bounds the figure divided by its reference. */
export interface Goal {
  readonly atMost: number;
  readonly of: 'value' | 'ratio';
}

/** Something else, measured in the same run on the same machine: what makes a figure comparable between machines. */
export interface Reference {
  readonly name: string;
  readonly value: number;
}

/** One measured number: the median of `n` samples unless its name says otherwise. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly value: number;
  readonly n: number;
  readonly reference?: Reference;
  readonly goal?: Goal;
}

/** The middle of the samples; of an even number, the mean of the two in the middle. Throws when there is none. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error('no samples, no median');
  return (low + high) / 2;
}

/** The smallest sample that at least `share` (0 to 1) of all samples do not exceed. Throws when there is none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error('no samples, no percentile');
  return found;
}

/** How many times its reference a figure is; null without a reference, or with one of zero. */
export function ratioOf({ value, reference }: Figure): number | null {
  return reference === undefined || reference.value === 0 ? null : value / reference.value;
}

/** Whether the figure keeps what the design promises; null when nothing is promised or the ratio is not known. */
export function isMet(figure: Figure): boolean | null {
  if (figure.goal === undefined) return null;
  const judged = figure.goal.of === 'value' ? figure.value : ratioOf(figure);
  return judged === null ? null : judged <= figure.goal.atMost;
}
