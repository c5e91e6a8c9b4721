import type { Checkpoint } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { decodeManifest, packsOf, type ManifestBody } from './manifest-codec.ts';
import { inPackOrder, PackReader, type Wanted } from './packs/pack-reader.ts';
import type { FileEntry } from './paths.ts';

/** A manifest as read for one checkpoint. */
export interface Manifest extends ManifestBody {
  readonly checkpoint: string;
}

/** Manifests that were read or written last, by digest: a run's next step nearly always starts from one of them. */
const recent = new WeakMap<BlobStore, Map<string, ManifestBody>>();
const kept = 4;

export function rememberManifest(blobs: BlobStore, digest: string, body: ManifestBody): void {
  const known = recent.get(blobs) ?? new Map<string, ManifestBody>();
  recent.set(blobs, known);
  known.delete(digest);
  known.set(digest, body);
  for (const oldest of known.keys()) {
    if (known.size <= kept) break;
    known.delete(oldest);
  }
}

/** The manifest of a checkpoint. Throws checkpoint_broken, naming the checkpoint, when its blob is missing or damaged. */
export async function loadManifest(
  blobs: BlobStore,
  checkpoint: Pick<Checkpoint, 'id' | 'manifest'>,
): Promise<Manifest> {
  let body = recent.get(blobs)?.get(checkpoint.manifest);
  try {
    body ??= await decodeManifest(await blobs.get(checkpoint.manifest));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Checkpoint ${checkpoint.id} cannot be read: its manifest ${checkpoint.manifest} is missing or damaged (${why}). Restore the blob store from a backup.`;
    throw new DomainError('checkpoint_broken', 'unavailable', { message, cause: error });
  }
  rememberManifest(blobs, checkpoint.manifest, body);
  return { ...body, checkpoint: checkpoint.id };
}

/** Packs that a manifest needs and the store has no more. */
export async function missingPacks(blobs: BlobStore, body: ManifestBody): Promise<Set<string>> {
  const missing = new Set<string>();
  for (const pack of packsOf(body)) if (!(await blobs.has(pack))) missing.add(pack);
  return missing;
}

/** Digests of every blob a checkpoint needs: what a clean-up must keep, and a backup must hold. Throws checkpoint_broken. */
export async function blobsOf(
  blobs: BlobStore,
  checkpoint: Pick<Checkpoint, 'id' | 'manifest'>,
): Promise<readonly string[]> {
  return [checkpoint.manifest, ...packsOf(await loadManifest(blobs, checkpoint))];
}

/** A file's bytes, verified. Throws checkpoint_broken. */
export async function readObject(blobs: BlobStore, manifest: Manifest, entry: FileEntry): Promise<Uint8Array> {
  return new PackReader(blobs).read(wantedOf(manifest, entry));
}

/** The same piece by piece, verified at its end. */
export function streamObject(blobs: BlobStore, manifest: Manifest, entry: FileEntry): AsyncIterable<Uint8Array> {
  return new PackReader(blobs).stream(wantedOf(manifest, entry));
}

/** Many files in the order in which the packs hold them, each block read once. */
export async function* readObjects<E extends FileEntry>(
  blobs: BlobStore,
  manifest: Manifest,
  entries: readonly E[],
): AsyncIterable<{ readonly entry: E; readonly bytes: Uint8Array }> {
  const reader = new PackReader(blobs);
  const inOrder = entries.toSorted((a, b) =>
    inPackOrder(manifest.locations.get(a.object), manifest.locations.get(b.object)),
  );
  for (const entry of inOrder) yield { entry, bytes: await reader.read(wantedOf(manifest, entry)) };
}

function wantedOf(manifest: Manifest, entry: FileEntry): Wanted {
  const { path, object, size } = entry;
  return { checkpoint: manifest.checkpoint, path, object, size, location: manifest.locations.get(object) };
}
