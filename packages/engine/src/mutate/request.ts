import type { Check, Checkpoint } from '@devfactory/contracts';

export interface MutateRequest {
  readonly runId: string;
  /** Unique within the installation: it names the sandboxes. */
  readonly id: string;
  readonly base: Checkpoint;
  readonly checkpoint: Checkpoint;
  /** Locked checks that passed on the checkpoint's tree. */
  readonly checks: readonly Check[];
  /** Every check that counts for the tree, these included. */
  readonly plan?: readonly Check[];
  /** Check id -> what its evidence hangs on, where that is less than the whole tree: then its mutants see no more. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Milliseconds that the mutants of one requirement may take together. */
  readonly budgetMs: number;
}
