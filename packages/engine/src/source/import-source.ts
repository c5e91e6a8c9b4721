import type { Checkpoint, Source } from '@devfactory/contracts';
import {
  DomainError,
  type BlobStore,
  type Exporter,
  type RunLog,
  type SourcePlace,
  type Workspace,
} from '@devfactory/kit';
import { restoreCheckpoint } from '../checkpoints/index.ts';
import type { UploadStore } from '../deps.ts';
import { checkRef, gitAddress } from './git-address.ts';
import { importBundle } from './import-bundle.ts';
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
  /** Whose repositories the server opens itself. */
  readonly places?: readonly SourcePlace[];
  /** An empty folder of the host's, for what the server fetches. */
  readonly directory?: string;
  readonly signal?: AbortSignal;
}

/** Whose repositories are opened by what the server is set up with. */
export function sourcePlaces({ exporters }: { readonly exporters: ReadonlyMap<string, Exporter> }): SourcePlace[] {
  return [...exporters.values()].flatMap(({ sources }) => sources ?? []);
}

/** Throws what is wrong with a source by its words alone, before a run is created. */
export function acceptSource(source: Source, places: readonly SourcePlace[] = []): void {
  if (source.kind !== 'git') return;
  if (places.some((place) => place.has(source.url))) checkRef(source.ref ?? null);
  else gitAddress(source);
}

/** Hosts that the workspace must reach while its source comes in; none afterwards. */
export function egressFor(source: Source, places: readonly SourcePlace[] = []): string[] {
  if (source.kind !== 'git') return [];
  try {
    return [gitAddress(source).host];
  } catch (error) {
    // What the server fetches itself need not be reached from the sandbox.
    if (places.some((place) => place.has(source.url))) return [];
    throw error;
  }
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
      return importRepository(deps, source);
    case 'checkpoint':
      await restoreCheckpoint(deps, { target: deps.forked ?? (await findCheckpoint(deps.log, source)), before: null });
      return null;
  }
}

/** By the server where it is set up for that, else by the sandbox, which sees what is public. */
async function importRepository(deps: ImportDeps, source: Source & { readonly kind: 'git' }): Promise<string | null> {
  const { workspace, places = [], directory, signal = new AbortController().signal } = deps;
  const place = places.find((item) => item.has(source.url));
  if (!place || directory === undefined) return importGit(workspace, gitAddress(source));
  try {
    const fetched = await place.fetch({ url: source.url, ref: checkRef(source.ref ?? null), directory }, signal);
    return await importBundle(workspace, { fetched, url: source.url });
  } catch (error) {
    if (!(error instanceof DomainError) || !mayBePublic.includes(error.code)) throw error;
    try {
      return await importGit(workspace, gitAddress(source));
    } catch {
      throw error;
    }
  }
}

/** What keeps this server's account from a repository, and nobody else. */
const mayBePublic = ['github_missing', 'github_forbidden', 'github_app_not_installed', 'github_token_refused'];

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
