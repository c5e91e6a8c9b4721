import type { Checkpoint, Fact } from '@devfactory/contracts';
import { makeCheckpoint, restoreCheckpoint } from '../checkpoints/index.ts';
import { interruptedResult, recordResult } from './run-call.ts';
import { factory, type RunSession } from './session.ts';

/** Checkpoint of the workspace as it is now; recorded only when something changed, the head otherwise. */
export async function checkpointNow(
  session: RunSession,
  request: Pick<Checkpoint, 'label' | 'reason' | 'step'>,
): Promise<Checkpoint> {
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
  const before = await checkpointNow(session, {
    label: `Before restoring ${checkpointId}`,
    reason: 'before-restore',
    step: null,
  });
  const workspace = await session.workspace();
  await restoreCheckpoint(
    { workspace, blobs: session.deps.blobs },
    { target: session.checkpoint(checkpointId), before },
  );
  const stopped = await stopTurn(session, `Stopped to restore ${checkpointId}.`);
  await session.journal.append(factory, ...stopped, { type: 'checkpoint.restored', data: { checkpointId } });
}

/** Ends what was open, so that nothing meant for the files before runs on the files after. The agent is told which calls never ran. */
async function stopTurn(session: RunSession, summary: string): Promise<Fact[]> {
  const turn = session.state.turns.at(-1);
  if (turn?.outcome !== null) return [];
  const step = session.state.steps.at(-1);
  const open = step && !step.ended ? step : null;
  for (const call of open?.calls ?? []) {
    if (call.outcome !== 'pending' && call.outcome !== 'running') continue;
    const result =
      call.outcome === 'running'
        ? interruptedResult
        : { outcome: 'interrupted' as const, text: `never began: ${summary}`, exitCode: null };
    await recordResult(session, { step: open?.step ?? 0, callId: call.callId, result, durationMs: 0, facts: [] });
  }
  return [
    ...(open ? [{ type: 'step.ended' as const, data: { step: open.step, durationMs: 0, checkpointId: null } }] : []),
    { type: 'turn.ended', data: { turn: turn.turn, outcome: 'stopped', summary } },
  ];
}
