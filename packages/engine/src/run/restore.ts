import type { Checkpoint, Fact } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { loadManifest, makeCheckpoint, meantKeys, restoreCheckpoint } from '../checkpoints/index.ts';
import { cutHead } from '../text/cut-text.ts';
import type { Action } from './action.ts';
import { interruptedResult, recordResult } from './run-call.ts';
import { factory, type RunSession } from './session.ts';

/**
 * Checkpoint of the workspace as it is now; recorded only when something changed, the head otherwise. What people changed until now is in
 * it: their files were written before their events.
 */
export async function checkpointNow(
  session: RunSession,
  request: Pick<Checkpoint, 'label' | 'reason' | 'step'>,
): Promise<Checkpoint> {
  const { checkpoint, facts } = await takeCheckpoint(session, request);
  await session.journal.append(factory, ...facts);
  return checkpoint;
}

/** The same without recording it: the facts are for whoever has more to say in the same breath. */
export async function takeCheckpoint(
  session: RunSession,
  request: Pick<Checkpoint, 'label' | 'reason' | 'step'>,
): Promise<{ readonly checkpoint: Checkpoint; readonly facts: readonly Fact[] }> {
  const head = session.checkpoint(session.state.head ?? 'ck-0');
  const workspace = await session.workspace();
  await session.deps.coEditing?.settle(workspace.id, null, 'looks');
  const { seq: upTo, edits } = session.state;
  const id = `ck-${session.state.checkpoints.length}`;
  const made = await makeCheckpoint({ workspace, blobs: session.deps.blobs }, { ...request, id, previous: head });
  const { added, modified, removed } = made.changed;
  const checkpoint = added + modified + removed === 0 ? head : made;
  const unkept = edits.some((edit) => !edit.kept);
  const facts: Fact[] = [
    ...(checkpoint === made ? [{ type: 'checkpoint.made' as const, data: { checkpoint } }] : []),
    ...(unkept ? [{ type: 'file.kept' as const, data: { upTo, checkpointId: checkpoint.id } }] : []),
  ];
  return { checkpoint, facts };
}

/**
 * Brings a checkpoint back, or files and folders of it, after keeping what is there now, so that a restore can be undone by a restore.
 * May be cut off anywhere and begun anew: what undoes it is written down before the first file changes.
 */
export async function restore(session: RunSession, action: Action & { do: 'restore' }): Promise<void> {
  const present = await checkpointNow(session, {
    label: `Before restoring ${action.checkpointId}`,
    reason: 'before-restore',
    step: null,
  });
  const { coEditing } = session.deps;
  await coEditing?.settle(session.workspaceId, null, 'changes');
  try {
    await bringBack(session, action, present);
  } finally {
    await coEditing?.changed(session.workspaceId, null);
  }
}

async function bringBack(session: RunSession, action: Action & { do: 'restore' }, present: Checkpoint): Promise<void> {
  const { journal } = session;
  const { checkpointId, paths } = action;
  const target = session.checkpoint(checkpointId);
  if (session.state.restoringFrom === null)
    await journal.append(factory, { type: 'restore.started', data: { checkpointId, before: present.id } });
  const before = session.state.restoringFrom ?? present.id;
  try {
    if (paths) await requirePaths(session, { paths, points: [target, present] });
    const workspace = await session.workspace();
    await restoreCheckpoint({ workspace, blobs: session.deps.blobs }, { target, before: present, paths });
  } catch (error) {
    if (!isBroken(error)) throw error;
    return giveUp(session, { ...action, before, reason: error.message });
  }
  const stopped = await stopTurn(session, `Stopped to restore ${checkpointId}.`);
  const made = paths ? await partlyRestored(session, { ...action, present }) : [];
  await journal.append(factory, ...stopped, ...made, {
    type: 'checkpoint.restored',
    data: { checkpointId, ...(paths ? { paths: [...paths] } : {}), before },
  });
}

function isBroken(error: unknown): error is DomainError {
  return error instanceof DomainError && ['checkpoint_broken', 'restore_path_missing'].includes(error.code);
}

/** The files are neither those of before nor those of the checkpoint: a new checkpoint, unless nothing changed at all. */
async function partlyRestored(
  session: RunSession,
  { checkpointId, present }: { readonly checkpointId: string; readonly present: Checkpoint },
): Promise<Fact[]> {
  const checkpoint = await makeCheckpoint(
    { workspace: await session.workspace(), blobs: session.deps.blobs },
    {
      id: `ck-${session.state.checkpoints.length}`,
      label: `Files from ${checkpointId}`,
      reason: 'restore',
      step: null,
      previous: present,
    },
  );
  const { added, modified, removed } = checkpoint.changed;
  return added + modified + removed === 0 ? [] : [{ type: 'checkpoint.made', data: { checkpoint } }];
}

/** Throws restore_path_missing for the first path that neither side has. */
async function requirePaths(
  { deps }: RunSession,
  { paths, points }: { readonly paths: readonly string[]; readonly points: readonly Checkpoint[] },
): Promise<void> {
  const entries = (await Promise.all(points.map((point) => loadManifest(deps.blobs, point)))).flatMap(
    (manifest) => manifest.entries,
  );
  const missing = paths.find((path) => meantKeys([path], entries).size === 0);
  if (missing !== undefined)
    throw new DomainError('restore_path_missing', 'not-found', {
      message: `There is no "${missing}", neither in ${points[0]?.id} nor now. Nothing was restored.`,
    });
}

/** The checkpoint cannot be read: the files become what they were before, and the run goes on from there. */
async function giveUp(
  session: RunSession,
  failed: Action & { do: 'restore' } & { readonly before: string; readonly reason: string },
): Promise<void> {
  const { checkpointId, paths, before, reason } = failed;
  const half = await checkpointNow(session, { label: 'A restore that failed', reason: 'before-restore', step: null });
  const deps = { workspace: await session.workspace(), blobs: session.deps.blobs };
  const facts: Fact[] = [
    {
      type: 'restore.failed',
      data: { checkpointId, ...(paths ? { paths: [...paths] } : {}), reason: cutHead(reason, 2000) },
    },
  ];
  if (half.id !== before) {
    try {
      await restoreCheckpoint(deps, { target: session.checkpoint(before), before: half });
      facts.push({ type: 'checkpoint.restored', data: { checkpointId: before, before: half.id } });
    } catch (error) {
      // That one cannot be read either: what is there is kept, and the head.
      if (!isBroken(error)) throw error;
    }
  }
  await session.journal.append(factory, ...facts);
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
