import { createHash } from 'node:crypto';
import { mostGuidance, mostGuidanceBytes, type Checkpoint, type GuidanceItem } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { loadManifest, readObject, type Manifest } from '../checkpoints/index.ts';
import type { FileEntry } from '../checkpoints/paths.ts';
import { decodeGuidance } from './guidance-text.ts';

export interface FoundGuidance {
  readonly items: readonly GuidanceItem[];
  readonly leftOut: number;
}

type Place = Pick<GuidanceItem, 'kind' | 'path' | 'name'>;

/** What the files of a checkpoint bring that would steer an agent, nearest to the root first. Nothing of it is followed by being found. */
export async function findGuidance(blobs: BlobStore, checkpoint: Checkpoint): Promise<FoundGuidance> {
  const manifest = await loadManifest(blobs, checkpoint);
  const files = manifest.entries.filter((entry): entry is FileEntry => entry.type === 'file' && !entry.raw);
  const places = files
    .flatMap((file) => {
      const place = placeOf(file.path);
      return place ? [{ file, place }] : [];
    })
    .toSorted((a, b) => depthOf(a.file) - depthOf(b.file) || (a.file.path < b.file.path ? -1 : 1));
  const items: GuidanceItem[] = [];
  for (const { file, place } of places.slice(0, mostGuidance))
    items.push(await itemOf({ blobs, manifest }, place, file));
  return { items, leftOut: Math.max(0, places.length - mostGuidance) };
}

const named = /^(?:[^/]+\/)*AGENTS\.md$/;
/** Names that people could not tell apart, or that would not fit, steer nobody. */
const plain = /^[^\p{C}]{1,200}$/u;

function placeOf(path: string): Place | null {
  if (!plain.test(path)) return null;
  return named.test(path) ? { kind: 'instructions', path, name: 'AGENTS.md' } : null;
}

async function itemOf(
  { blobs, manifest }: { readonly blobs: BlobStore; readonly manifest: Manifest },
  place: Place,
  file: FileEntry,
): Promise<GuidanceItem> {
  const known = { ...place, about: '', bytes: file.size, hash: file.object };
  if (file.size > mostGuidanceBytes)
    return { ...known, body: null, trouble: `It is larger than ${mostGuidanceBytes / 1024} KB.` };
  const bytes = await readObject(blobs, manifest, file);
  if (decodeGuidance(bytes) === null) return { ...known, body: null, trouble: 'It is not text in UTF-8.' };
  return { ...known, hash: hashOf(bytes), body: await blobs.put(bytes), trouble: '' };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function depthOf({ path }: FileEntry): number {
  return path.split('/').length;
}
