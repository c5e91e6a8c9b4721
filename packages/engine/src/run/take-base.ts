import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits, outsideMessage, type BaseRecord, type ExportRecord, type Fact } from '@devfactory/contracts';
import { DomainError, type ArrivedEntry, type MergedBase, type RestoreEntry, type Workspace } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { cutHead } from '../text/cut-text.ts';
import { checkpointNow } from './restore.ts';
import { factory, type RunSession } from './session.ts';

/**
 * Merges what a delivery is for, as it is now, into the run's files. That is a new tree: it has no evidence and is approved by nobody yet.
 * What git could not merge is a turn for the agent. May be cut off anywhere and begun anew.
 */
export async function takeBase(session: RunSession, exportId: string): Promise<void> {
  const { journal, deps, state } = session;
  const record = state.exports.find((item) => item.id === exportId);
  const pending = state.bases.find((item) => item.exportId === exportId && item.state === 'advanced');
  if (!record || !pending) throw new Error(`run ${state.id} has no advanced base of ${exportId}`);
  const directory = join(deps.arrivals ?? join(tmpdir(), 'devfactory-arrivals'), `base-${state.id}`);
  const interrupts = journal.interrupts();
  try {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const into = await begin(session, pending);
    const merged = await merge(session, { record, into, directory, signal: interrupts.signal });
    await lay(session, merged);
    const { id } = await checkpointNow(session, {
      label: cutHead(`${merged.branch} at ${merged.commit.slice(0, 12)} taken in`, 300),
      reason: 'merge',
      step: null,
    });
    await journal.append(factory, ...told(session, { record, pending, merged, into, checkpointId: id }));
  } catch (error) {
    if (error instanceof DomainError && error.code === 'lease_lost') throw error;
    // A person wants something else: it is begun anew when the run goes on.
    if (interrupts.signal.aborted) return;
    if (!(error instanceof DomainError) || error.code === 'workspace_gone') throw error;
    const reason = cutHead(error.message, 2000) || error.code;
    await journal.append(factory, { type: 'base.refused', data: { exportId, reason } });
  } finally {
    interrupts.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Checkpoint with what it is merged into: one that died half way through left files that are neither. */
async function begin(session: RunSession, pending: BaseRecord): Promise<string> {
  if (pending.into !== null) return pending.into;
  const label = 'Before the base was taken in';
  const { id } = await checkpointNow(session, { label, reason: 'person', step: null });
  await session.journal.append(factory, {
    type: 'base.taking',
    data: { exportId: pending.exportId, checkpointId: id },
  });
  return id;
}

async function merge(
  session: RunSession,
  {
    record,
    into,
    directory,
    signal,
  }: {
    readonly record: ExportRecord;
    readonly into: string;
    readonly directory: string;
    readonly signal: AbortSignal;
  },
): Promise<MergedBase> {
  const { deps, state } = session;
  const { destination, location } = record;
  const exporter = deps.exporters.get(destination.kind);
  if (!exporter?.merge || location === null)
    throw new DomainError('no_base', 'unsupported', {
      message: 'This destination has no base that could be taken in.',
    });
  const tree = await openSourceTree(deps.blobs, session.checkpoint(into));
  return exporter.merge({ runId: state.id, destination, location, directory, tree }, signal);
}

/** Files are laid whole, so that laying them again does no harm. */
async function lay(session: RunSession, { changes }: MergedBase): Promise<void> {
  const workspace = await session.workspace();
  const { coEditing } = session.deps;
  await coEditing?.settle(session.workspaceId, null, 'changes');
  try {
    for await (const change of changes) {
      if (change.type !== 'removed') await layEntry(workspace, change);
      else await workspace.files.removeMany([{ path: change.path, raw: false }]);
    }
  } finally {
    await coEditing?.changed(session.workspaceId, null);
  }
}

async function layEntry(workspace: Workspace, entry: ArrivedEntry): Promise<void> {
  const name = { path: entry.path, raw: false };
  // What it takes the place of may be of another kind.
  await workspace.files.removeMany([name]);
  const folders = entry.path.split('/').slice(0, -1);
  const above = folders.map((_, depth): RestoreEntry => ({
    type: 'directory',
    path: folders.slice(0, depth + 1).join('/'),
    raw: false,
    mode: 0o755,
  }));
  if (entry.type === 'symlink')
    return workspace.files.putMany([...above, { type: 'symlink', ...name, target: entry.target }]);
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.bytes) chunks.push(chunk);
  const mode = entry.executable ? 0o755 : 0o644;
  await workspace.files.putMany([
    ...above,
    { type: 'file', ...name, mode, bytes: Buffer.concat(chunks), mtimeMs: null },
  ]);
}

function told(
  { state }: RunSession,
  {
    record,
    pending,
    merged,
    into,
    checkpointId,
  }: {
    readonly record: ExportRecord;
    readonly pending: BaseRecord;
    readonly merged: MergedBase;
    readonly into: string;
    readonly checkpointId: string;
  },
): Fact[] {
  const { branch, commit } = merged;
  const conflicts = merged.conflicts.slice(0, 50).map((path) => path.slice(0, 300));
  const taken: Fact = { type: 'base.taken', data: { exportId: record.id, branch, commit, conflicts, checkpointId } };
  if (merged.conflicts.length > 0)
    return [
      taken,
      {
        type: 'feedback.given',
        data: {
          feedbackId: `fb-${state.feedback.length + 1}`,
          mode: 'queue',
          text: conflictWords(branch, merged.conflicts),
          from: {
            place: 'github',
            what: 'base',
            key: pending.key,
            author: 'git',
            url: (record.location ?? '').slice(0, 500),
          },
        },
      },
    ];
  // The very tree that was approved: only what the delivery stands on has to change.
  const same = checkpointId === into && state.approval !== null;
  const again: Fact = { type: 'export.requested', data: { exportId: randomUUID(), destination: record.destination } };
  return same ? [taken, again] : [taken];
}

function conflictWords(branch: string, conflicts: readonly string[]): string {
  const title = `The branch "${branch}" that the pull request is for went on, and git could not merge it into your files. These files hold git's marks (<<<<<<<, =======, >>>>>>>) or were changed on one side and removed on the other: make them what both sides want, and leave no mark.`;
  let most = conflicts.length;
  const words = (): string =>
    outsideMessage([
      {
        title,
        quote: [
          ...conflicts.slice(0, most),
          ...(most < conflicts.length ? [`and ${conflicts.length - most} more`] : []),
        ].join('\n'),
      },
    ]);
  while (Buffer.byteLength(words()) > limits.feedbackBytes / 2 && most > 1) most = Math.floor(most / 2);
  return words();
}
