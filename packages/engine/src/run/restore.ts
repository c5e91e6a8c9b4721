import type { Checkpoint } from '@devfactory/contracts';
import { makeCheckpoint, restoreCheckpoint } from '../checkpoints/index.ts';
import { factory, type RunSession } from './session.ts';

/** Checkpoint of the workspace as it is now; recorded only when something changed, the head otherwise. */
export async function checkpointNow(session: RunSession, request: Pick<Checkpoint, 'label' | 'reason' | 'step'>): Promise<Checkpoint> {
  const head = session.checkpoint(session.state.head ?? 'ck-0');
  const workspace = await session.workspace();
  const id = `ck-${session.state.checkpoints.length}`;
  const checkpoint = await makeCheckpoint({ workspace, blobs: session.deps.blobs }, { ...request, id, previous: head });
  const { added, modified, removed } = checkpoint.changed;
  if (added + modified + removed === 0) return head;
  await session.journal.append(factory, { type: 'checkpoint.made', data: { checkpoint } });
  return checkpoint;
}

/** Makes the workspace equal to a checkpoint, after keeping what is there now, so that a restore can be undone by a restore. */
export async function restore(session: RunSession, checkpointId: string): Promise<void> {
  const before = await checkpointNow(session, { label: `Before restoring ${checkpointId}`, reason: 'before-restore', step: null });
  const workspace = await session.workspace();
  await restoreCheckpoint({ workspace, blobs: session.deps.blobs }, { target: session.checkpoint(checkpointId), before });
  const turn = session.state.turns.at(-1);
  await session.journal.append(
    factory,
    ...(turn?.outcome === null ? [{ type: 'turn.ended' as const, data: { turn: turn.turn, outcome: 'stopped' as const, summary: `Stopped to restore ${checkpointId}.` } }] : []),
    { type: 'checkpoint.restored', data: { checkpointId } },
  );
}
