import type { CheckSpec } from '@devfactory/contracts';

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

/** A task whose right and wrong solutions are known before. */
export interface Exercise {
  readonly name: string;
  readonly language: string;
  /** What is there before the work. */
  readonly base: Files;
  readonly right: Files;
  /** What only looks like a solution, by what is wrong with it. */
  readonly wrong: Readonly<Record<string, Files>>;
  readonly check: CheckSpec;
}
