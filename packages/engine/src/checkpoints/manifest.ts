import type { Checkpoint } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import {
  decodeManifest,
  differenceOf,
  encodeManifest,
  packsOf,
  type ManifestBody,
  type StoredAs,
} from './manifest-codec.ts';
import { inPackOrder, PackReader, type Wanted } from './packs/pack-reader.ts';
import type { FileEntry } from './paths.ts';

/** A manifest as read for one checkpoint. */
export interface Manifest extends ManifestBody {
  readonly checkpoint: string;
}

/** Manifests that were read or written last, by digest: a run's next step nearly always starts from one of them. */
const recent = new WeakMap<BlobStore, Map<string, StoredAs>>();
const kept = 4;

export function rememberManifest(blobs: BlobStore, stored: StoredAs): void {
  const known = recent.get(blobs) ?? new Map<string, StoredAs>();
  recent.set(blobs, known);
  known.delete(stored.digest);
  known.set(stored.digest, stored);
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
  const stored = await findManifest(blobs, checkpoint);
  rememberManifest(blobs, stored);
  return { ...stored.body, checkpoint: checkpoint.id };
}

/** The same with where it is stored, and without keeping it in mind. */
export async function findManifest(
  blobs: BlobStore,
  { id, manifest }: Pick<Checkpoint, 'id' | 'manifest'>,
): Promise<StoredAs> {
  let reading = manifest;
  const read = async (digest: string): Promise<StoredAs> => {
    const known = inMind(blobs, digest);
    if (known) return known;
    reading = digest;
    return { digest, ...(await decodeManifest(await blobs.get(digest), read)) };
  };
  try {
    return await read(manifest);
  } catch (error) {
    // The store not answering says nothing of the checkpoint.
    if (isFailing(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const message = `Checkpoint ${id} cannot be read: its manifest ${reading} is missing or damaged (${why}). Restore the blob store from a backup.`;
    throw new DomainError('checkpoint_broken', 'unavailable', { message, cause: error });
  }
}

function isFailing(error: unknown): boolean {
  if (error instanceof DomainError) return error.code !== 'blob_missing' && error.code !== 'blob_corrupt';
  return error instanceof Error && 'syscall' in error;
}

/** Differences may grow to this before a manifest is told whole again, however small the whole is. */
const cheapBytes = 16 * 1024;

/**
 * Stores a manifest: as what differs from the whole one that `past` is told against, until all such differences together have grown
 * as large as that one. So a checkpoint hangs on two manifests at most, and a hundred small steps cost little more than what they
 * changed. Nothing is stored when `past` says the same.
 */
export async function storeManifest(blobs: BlobStore, body: ManifestBody, past: StoredAs | null): Promise<StoredAs> {
  if (past && saysTheSame(past.body, body)) return past;
  const base = past && (past.base ?? past);
  const spent = past?.base ? past.spent + past.bytes : 0;
  const against = base && spent <= Math.max(base.bytes, cheapBytes) ? { base, spent } : { base: null, spent: 0 };
  const bytes = await encodeManifest(body, against);
  return { digest: await blobs.put(bytes), body, bytes: bytes.length, ...against };
}

function saysTheSame(a: ManifestBody, b: ManifestBody): boolean {
  if (a.workspace !== b.workspace || a.entries.length !== b.entries.length) return false;
  if (a.entries.some((entry, index) => entry !== b.entries[index])) return false;
  if (JSON.stringify(a.leftOut) !== JSON.stringify(b.leftOut)) return false;
  const { changed, gone } = differenceOf(a, b);
  return changed.length === 0 && gone.length === 0;
}

function inMind(blobs: BlobStore, digest: string): StoredAs | undefined {
  const known = recent.get(blobs);
  return (
    known?.get(digest) ?? [...(known?.values() ?? [])].find(({ base }) => base?.digest === digest)?.base ?? undefined
  );
}

/** Packs that a manifest needs and the store has no more. */
export async function missingPacks(blobs: BlobStore, body: ManifestBody): Promise<Set<string>> {
  const packs = packsOf(body);
  const there = await Promise.all(packs.map((pack) => blobs.has(pack)));
  return new Set(packs.filter((_, index) => there[index] === false));
}

/** Digests of every blob a checkpoint needs: what a clean-up must keep, and a backup must hold. Throws checkpoint_broken. */
export async function blobsOf(
  blobs: BlobStore,
  checkpoint: Pick<Checkpoint, 'id' | 'manifest'>,
): Promise<readonly string[]> {
  const { digest, base, body } = await findManifest(blobs, checkpoint);
  return [digest, ...(base ? [base.digest] : []), ...packsOf(body)];
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
