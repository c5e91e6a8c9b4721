import type { Check, Checkpoint } from '@devfactory/contracts';

export interface MutateRequest {
  readonly runId: string;
  /** Unique within the installation: it names the sandboxes. */
  readonly id: string;
  readonly base: Checkpoint;
  readonly checkpoint: Checkpoint;
  /** Locked checks that passed on the checkpoint's tree. */
  readonly checks: readonly Check[];
  /** Milliseconds that the mutants of one requirement may take together. */
  readonly budgetMs: number;
}
