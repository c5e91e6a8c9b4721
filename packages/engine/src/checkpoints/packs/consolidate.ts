import type { BlobStore } from '@devfactory/kit';
import { readObjects, type Manifest } from '../manifest.ts';
import type { FileEntry } from '../paths.ts';
import type { Location } from './block.ts';
import { PackWriter } from './pack-writer.ts';

/** A pack of which a checkpoint needs less than this counts as small. */
const smallBytes = 16 * 1024 * 1024;
const smallPacks = 20;

/**
 * Where a checkpoint's objects lie after its small packs, once there are more than twenty, have become one. Old packs stay for old
 * checkpoints. So a checkpoint never hangs on a long row of packs, and each byte is copied once in twenty steps at most.
 */
export async function consolidate(blobs: BlobStore, manifest: Manifest): Promise<ReadonlyMap<string, Location>> {
  const small = smallOnes(manifest);
  if (small.size <= smallPacks) return manifest.locations;
  const moving = new Map<string, FileEntry>();
  for (const entry of manifest.entries) {
    if (entry.type !== 'file') continue;
    if (manifest.locations.get(entry.object)?.blocks.some((block) => small.has(block.pack)))
      moving.set(entry.object, entry);
  }
  const writer = new PackWriter(blobs);
  for await (const { bytes } of readObjects(blobs, manifest, [...moving.values()]))
    await writer.add(bytes, () => false);
  return new Map([...manifest.locations, ...(await writer.finish())]);
}

/** Packs with a large object stay as they are: they are few, since a workspace is bounded, and moving one would take long. */
function smallOnes({ entries, locations }: Manifest): Set<string> {
  const needed = new Map<string, Map<number, number>>();
  const large = new Set<string>();
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    for (const block of locations.get(entry.object)?.blocks ?? []) {
      if (entry.size >= smallBytes) large.add(block.pack);
      const lengths = needed.get(block.pack) ?? new Map<number, number>();
      needed.set(block.pack, lengths.set(block.offset, block.length));
    }
  }
  const isSmall = (pack: string, lengths: ReadonlyMap<number, number>): boolean =>
    !large.has(pack) && [...lengths.values()].reduce((sum, length) => sum + length, 0) < smallBytes;
  return new Set([...needed].filter(([pack, lengths]) => isSmall(pack, lengths)).map(([pack]) => pack));
}
