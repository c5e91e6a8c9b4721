import type { Checkpoint, Source } from '@devfactory/contracts';
import { DomainError, type BlobStore, type RunLog, type Workspace } from '@devfactory/kit';
import { restoreCheckpoint } from '../checkpoints/index.ts';
import type { UploadStore } from '../deps.ts';
import { gitAddress } from './git-address.ts';
import { importGit } from './import-git.ts';
import { importZip } from './import-zip.ts';

export interface ImportDeps {
  /** Empty, and opened with `egressFor(source)`. */
  readonly workspace: Workspace;
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly log: Pick<RunLog, 'read'>;
  /** The checkpoint that the run's own log names; null for runs of older versions, which look it up in the other's. */
  readonly forked?: Checkpoint | null;
}

/** Throws what is wrong with a source by its words alone, before a run is created. */
export function acceptSource(source: Source): void {
  if (source.kind === 'git') gitAddress(source);
}

/** Hosts that the workspace must reach while its source comes in; none afterwards. */
export function egressFor(source: Source): string[] {
  return source.kind === 'git' ? [gitAddress(source).host] : [];
}

/**
 * Fills a fresh workspace. Not to be called again on the same workspace after a failure: begin with an empty one.
 * Gives the commit that a git address led to, null for other sources. Throws zip_*, git_*, upload_missing, checkpoint_missing, checkpoint_broken, and what the workspace throws.
 */
export async function importSource(deps: ImportDeps, source: Source): Promise<string | null> {
  switch (source.kind) {
    case 'empty':
      return null;
    case 'upload':
      await importZip(deps.workspace, (await deps.uploads.open(source.uploadId)).path);
      return null;
    case 'git':
      return importGit(deps.workspace, gitAddress(source));
    case 'checkpoint':
      await restoreCheckpoint(deps, { target: deps.forked ?? (await findCheckpoint(deps.log, source)), before: null });
      return null;
  }
}

async function findCheckpoint(
  log: ImportDeps['log'],
  source: { readonly runId: string; readonly checkpointId: string },
): Promise<Checkpoint> {
  const events = await log.read(source.runId, 0);
  for (const event of events) {
    if (event.type === 'checkpoint.made' && event.data.checkpoint.id === source.checkpointId)
      return event.data.checkpoint;
  }
  const message = `Run ${source.runId} has no checkpoint ${source.checkpointId}. Choose one that it lists.`;
  throw new DomainError('checkpoint_missing', 'not-found', { message });
}
