import type { Checkpoint, RunState } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';

/** Throws unknown_checkpoint, in words for whoever asked for it. */
export function checkpointOf(state: RunState, id: string | null): Checkpoint {
  const checkpoint = state.checkpoints.find((item) => item.id === id);
  if (checkpoint) return checkpoint;
  throw new DomainError('unknown_checkpoint', 'not-found', {
    message:
      id === null
        ? `Run ${state.id} has no checkpoint yet; the first is made when its workspace is ready.`
        : `Run ${state.id} has no checkpoint ${id}.`,
  });
}
