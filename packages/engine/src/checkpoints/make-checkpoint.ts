import type { Checkpoint } from '@devfactory/contracts';
import { DomainError, type BlobStore, type Workspace } from '@devfactory/kit';
import { cacheReason, capture } from './capture.ts';
import { compareManifests } from './compare.ts';
import { encodeManifest, packsOf, type ManifestBody } from './manifest-codec.ts';
import { loadManifest, missingPacks, readObject, rememberManifest } from './manifest.ts';
import type { Location } from './packs/block.ts';
import { consolidate } from './packs/consolidate.ts';
import { PackWriter } from './packs/pack-writer.ts';
import { sourcePaths } from './tree/source-paths.ts';
import { sourceEntries, treeHash } from './tree/source-tree.ts';

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
  const before = request.previous ? await readPrevious(deps.blobs, request.previous) : null;
  const reusable = before && (await withPresentPacks(deps.blobs, before));
  try {
    return await keep(deps, request, { before, reusable });
  } catch (error) {
    // A damaged old pack must not end the run: everything is still in the workspace, so all of it is packed anew.
    if (reusable === null || !isBroken(error)) throw error;
    return keep(deps, request, { before, reusable: null });
  }
}

interface Past {
  readonly before: ManifestBody | null;
  /** The same without objects whose packs are gone; null to read everything again. */
  readonly reusable: ManifestBody | null;
}

async function keep(deps: CheckpointDeps, request: CheckpointRequest, past: Past): Promise<Checkpoint> {
  const { blobs, workspace } = deps;
  const writer = new PackWriter(blobs);
  const { entries, stamps, leftOut, torn } = await capture(workspace, writer, past.reusable);
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
  const packed = { ...unfinished, locations: await consolidate(blobs, { ...unfinished, checkpoint: request.id }) };
  const source = await sourcePaths(entries, (entry) => readObject(blobs, { ...packed, checkpoint: request.id }, entry));
  const body: ManifestBody = { ...packed, source };
  const manifest = await blobs.put(await encodeManifest(body));
  rememberManifest(blobs, manifest, body);
  return { ...describe(request, body, past.before), manifest, torn };
}

function describe(
  request: CheckpointRequest,
  body: ManifestBody,
  before: ManifestBody | null,
): Omit<Checkpoint, 'manifest' | 'torn'> {
  const changes = compareManifests(before, body).map(({ change }) => change);
  const count = (wanted: (typeof changes)[number]): number => changes.filter((change) => change === wanted).length;
  return {
    id: request.id,
    label: request.label,
    reason: request.reason,
    step: request.step,
    tree: treeHash(sourceEntries(body)),
    packs: packsOf(body),
    files: body.entries.filter((entry) => entry.type !== 'directory').length,
    bytes: body.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0),
    leftOut: nameLeftOut(body.leftOut),
    changed: { added: count('added'), modified: count('modified'), removed: count('removed') },
  };
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
async function readPrevious(blobs: BlobStore, previous: Checkpoint): Promise<ManifestBody | null> {
  try {
    return await loadManifest(blobs, previous);
  } catch (error) {
    if (isBroken(error)) return null;
    throw error;
  }
}

async function withPresentPacks(blobs: BlobStore, body: ManifestBody): Promise<ManifestBody> {
  const missing = await missingPacks(blobs, body);
  if (missing.size === 0) return body;
  const locations = [...body.locations].filter(([, { blocks }]) => !blocks.some((block) => missing.has(block.pack)));
  return { ...body, locations: new Map(locations) };
}

function isBroken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'checkpoint_broken';
}
