import type { Checkpoint } from '@devfactory/contracts';
import { DomainError, type BlobStore, type Workspace } from '@devfactory/kit';
import { cacheReason, capture } from './capture.ts';
import { compareManifests, type Change } from './compare.ts';
import { packsOf, type ManifestBody, type StoredAs } from './manifest-codec.ts';
import { findManifest, missingPacks, readObject, rememberManifest, storeManifest } from './manifest.ts';
import type { Location } from './packs/block.ts';
import { consolidate } from './packs/consolidate.ts';
import { PackWriter } from './packs/pack-writer.ts';
import { keyOf } from './paths.ts';
import { sourcePaths } from './tree/source-paths.ts';
import { sourceHash } from './tree/source-tree.ts';

export interface CheckpointDeps {
  readonly workspace: Workspace;
  readonly blobs: BlobStore;
}

export interface CheckpointRequest extends Pick<Checkpoint, 'id' | 'label' | 'reason' | 'step'> {
  /** Checkpoint that this one is compared with, and whose packs it may share; null for the first. */
  readonly previous: Checkpoint | null;
}

/** Left-out paths that a checkpoint names, so that it always fits into an event; the manifest has them all. */
const namedLeftOut = { paths: 50, each: 300, bytes: 6000 };

/**
 * Keeps the workspace as it is now. Reads only files that changed since `previous`. When it returns every blob is durable, so the
 * caller may write the pointer. May be called again after any failure; what a failed call stored is garbage, never half a checkpoint.
 * Throws workspace_gone, workspace_untrusted, workspace_too_large, disk_full.
 */
export async function makeCheckpoint(deps: CheckpointDeps, request: CheckpointRequest): Promise<Checkpoint> {
  // Looked up while the workspace is walked.
  const past = pastOf(deps.blobs, request.previous);
  try {
    return await keep(deps, request, past);
  } catch (error) {
    // A damaged old pack must not end the run: everything is still in the workspace, so all of it is packed anew.
    if (!isBroken(error) || (await past).reusable === null) throw error;
    return keep(deps, request, Promise.resolve({ ...(await past), stored: null, reusable: null }));
  }
}

interface Past {
  readonly before: ManifestBody | null;
  /** The same without objects whose packs are gone; null to read everything again. */
  readonly reusable: ManifestBody | null;
  /** Where it is stored, if all of it is there; null to store the next manifest whole. */
  readonly stored: StoredAs | null;
}

async function keep(deps: CheckpointDeps, request: CheckpointRequest, looking: Promise<Past>): Promise<Checkpoint> {
  const { blobs, workspace } = deps;
  const writer = new PackWriter(blobs);
  const reusing = looking.then(({ reusable }) => reusable);
  const { entries, stamps, leftOut, torn } = await capture(workspace, writer, reusing);
  const past = await looking;
  const written = await writer.finish();
  const needed = new Map<string, Location>();
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    const location = written.get(entry.object) ?? past.reusable?.locations.get(entry.object);
    if (location) needed.set(entry.object, location);
  }
  const unfinished = {
    workspace: workspace.id,
    entries,
    stamps,
    leftOut,
    locations: needed,
    source: new Set<string>(),
  };
  const moved = await consolidate(blobs, { ...unfinished, checkpoint: request.id }, () => writer.durable());
  const packed = { ...unfinished, locations: moved ?? needed };
  const changes = compareManifests(past.before, packed);
  const source = await sourceOf(past.before, changes, async () => {
    await writer.durable();
    return sourcePaths(entries, (entry) => readObject(blobs, { ...packed, checkpoint: request.id }, entry));
  });
  const body: ManifestBody = { ...packed, source };
  const [stored] = await Promise.all([storeManifest(blobs, body, moved ? null : past.stored), writer.durable()]);
  rememberManifest(blobs, stored);
  const packs = newPacks(body, past.before);
  return { ...describe(request, body, changes), packs, manifest: stored.digest, torn };
}

function newPacks(body: ManifestBody, before: ManifestBody | null): string[] {
  const old = new Set(before ? packsOf(before) : []);
  return packsOf(body).filter((pack) => !old.has(pack));
}

function describe(
  request: CheckpointRequest,
  body: ManifestBody,
  changes: readonly Change[],
): Omit<Checkpoint, 'manifest' | 'packs' | 'torn'> {
  const count = (wanted: Change['change']): number => changes.filter(({ change }) => change === wanted).length;
  return {
    id: request.id,
    label: request.label,
    reason: request.reason,
    step: request.step,
    tree: sourceHash(body),
    files: body.entries.filter((entry) => entry.type !== 'directory').length,
    bytes: body.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0),
    leftOut: nameLeftOut(body.leftOut),
    changed: { added: count('added'), modified: count('modified'), removed: count('removed') },
  };
}

/** Which files are source depends on what there is and on the ignore rules, not on what the other files say. */
async function sourceOf(
  before: ManifestBody | null,
  changes: readonly Change[],
  find: () => Promise<ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  const matters = changes.some(
    ({ key, before: old, after }) => old?.type !== after?.type || /(^|\/)\.gitignore$/.test(key),
  );
  return before && !matters ? before.source : find();
}
function nameLeftOut(leftOut: ManifestBody['leftOut']): string[] {
  const names: string[] = [];
  let bytes = 0;
  for (const { path, why } of leftOut.slice(0, namedLeftOut.paths)) {
    const name = (why === cacheReason ? path : `${path} (${why})`).slice(0, namedLeftOut.each);
    bytes += Buffer.byteLength(JSON.stringify(name));
    if (bytes > namedLeftOut.bytes) break;
    names.push(name);
  }
  return names;
}

/** A previous checkpoint that cannot be read costs time, not the run: everything counts as new. */
async function pastOf(blobs: BlobStore, previous: Checkpoint | null): Promise<Past> {
  const nothing = { before: null, reusable: null, stored: null };
  if (!previous) return nothing;
  try {
    const stored = await findManifest(blobs, previous);
    const manifests = [stored.digest, ...(stored.base ? [stored.base.digest] : [])];
    const [missing, there] = await Promise.all([
      missingPacks(blobs, stored.body),
      Promise.all(manifests.map((digest) => blobs.has(digest))),
    ]);
    const before = stored.body;
    if (missing.size > 0) return { before, reusable: without(before, missing), stored: null };
    return { before, reusable: before, stored: there.every(Boolean) ? stored : null };
  } catch (error) {
    if (isBroken(error)) return nothing;
    throw error;
  }
}

/** Without the objects that lie in missing packs; their files are read again. */
function without(body: ManifestBody, missing: ReadonlySet<string>): ManifestBody {
  const locations = new Map(
    [...body.locations].filter(([, { blocks }]) => !blocks.some(({ pack }) => missing.has(pack))),
  );
  const stamps = new Map(body.stamps);
  for (const entry of body.entries)
    if (entry.type === 'file' && !locations.has(entry.object)) stamps.delete(keyOf(entry));
  return { ...body, locations, stamps };
}

function isBroken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'checkpoint_broken';
}
