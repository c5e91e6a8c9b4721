import { isKept, type Checkpoint, type RunState } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';

/** Throws unknown_checkpoint or checkpoint_dropped, in words for whoever asked for it. */
export function checkpointOf(state: RunState, id: string | null): Checkpoint {
  const checkpoint = state.checkpoints.find((item) => item.id === id);
  if (checkpoint && isKept(state, checkpoint.id)) return checkpoint;
  if (checkpoint)
    throw new DomainError('checkpoint_dropped', 'not-found', {
      message: `Run ${state.id} was archived on ${state.archived?.at.slice(0, 10)}; ${checkpoint.id} was not pinned and is gone. Kept are: ${state.archived?.kept.join(', ') || 'none'}.`,
    });
  throw new DomainError('unknown_checkpoint', 'not-found', {
    message:
      id === null
        ? `Run ${state.id} has no checkpoint yet; the first is made when its workspace is ready.`
        : `Run ${state.id} has no checkpoint ${id}.`,
  });
}
