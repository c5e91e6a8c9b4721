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
  const small = smallOnes(manifest.locations);
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

function smallOnes(locations: ReadonlyMap<string, Location>): Set<string> {
  const needed = new Map<string, Map<number, number>>();
  for (const { blocks } of locations.values()) {
    for (const block of blocks) {
      const lengths = needed.get(block.pack) ?? new Map<number, number>();
      needed.set(block.pack, lengths.set(block.offset, block.length));
    }
  }
  const small = new Set<string>();
  for (const [pack, lengths] of needed) {
    let bytes = 0;
    for (const length of lengths.values()) bytes += length;
    if (bytes < smallBytes) small.add(pack);
  }
  return small;
}
