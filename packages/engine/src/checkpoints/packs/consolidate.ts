import type { BlobStore } from '@devfactory/kit';
import { packsOf } from '../manifest-codec.ts';
import { readObjects, type Manifest } from '../manifest.ts';
import type { FileEntry } from '../paths.ts';
import type { Location } from './block.ts';
import { PackWriter } from './pack-writer.ts';

/** A pack of which a checkpoint needs less than this counts as small. */
const smallBytes = 16 * 1024 * 1024;
const smallPacks = 128;

/**
 * Where a checkpoint's objects lie after its small packs, once there are more than 128, have become one; null as long as there are
 * not. Old packs stay for old checkpoints. So a checkpoint never hangs on a long row of packs, and what is still needed of the small
 * ones is copied once in 128 steps at most: fewer would make copies the larger part of what many small steps take. `durable`
 * resolves when all packs can be read.
 */
export async function consolidate(
  blobs: BlobStore,
  manifest: Manifest,
  durable: () => Promise<void>,
): Promise<ReadonlyMap<string, Location> | null> {
  if (packsOf(manifest).length <= smallPacks) return null;
  const small = smallOnes(manifest);
  if (small.size <= smallPacks) return null;
  await durable();
  const moving = new Map<string, FileEntry>();
  for (const entry of manifest.entries) {
    if (entry.type !== 'file') continue;
    if (manifest.locations.get(entry.object)?.blocks.some((block) => small.has(block.pack)))
      moving.set(entry.object, entry);
  }
  const writer = new PackWriter(blobs);
  for await (const { bytes } of readObjects(blobs, manifest, [...moving.values()]))
    await writer.add(bytes, () => false);
  const moved = await writer.finish();
  await writer.durable();
  return new Map([...manifest.locations, ...moved]);
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
