import { resolve } from 'node:path';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { composePlugins } from '../composition.ts';
import { Closers } from '../server/closers.ts';
import { makeDataDirectory, openDataDirectory } from '../server/data-directory.ts';
import { holdDataDirectory } from '../server/instance-lock.ts';
import type { Log } from '../server/log.ts';

export interface MovePlace {
  readonly dataDir: string;
  readonly to: 'file' | 'azure';
  /** Frees the store that they come from, once the other one holds all of them. */
  readonly remove: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Told how far it is, now and then. */
  readonly progress?: (sums: { readonly blobs: number; readonly bytes: number }) => void;
}

export interface MoveReceipt {
  readonly copied: number;
  /** Blobs that were in the other store already, from an attempt before. */
  readonly there: number;
  readonly bytes: number;
  readonly removed: number;
  /** Digests of blobs that are damaged or missing where they come from; the rest was copied. */
  readonly broken: readonly string[];
}

const copiesAtOnce = 4;

/**
 * Copies every blob from the one store into the other, on a data directory without a server. May be cut off at any moment and called
 * again: it goes on with what is missing. Throws data_dir_busy, blob_store_*.
 */
export async function moveBlobs(place: MovePlace): Promise<MoveReceipt> {
  const closers = new Closers(() => place.log);
  try {
    await makeDataDirectory(resolve(place.dataDir));
    closers.add('lock', await holdDataDirectory(resolve(place.dataDir)));
    const directory = await openDataDirectory(resolve(place.dataDir));
    const storeOf = (kind: 'file' | 'azure'): BlobStore =>
      composePlugins({
        dataDir: directory.path,
        runtimeDir: directory.runtimeDir,
        environment: { ...place.environment, DEVFACTORY_BLOB_STORE: kind },
        tell: (line) => place.log.warn({}, line),
      }).blobs;
    const stores = { from: storeOf(place.to === 'azure' ? 'file' : 'azure'), to: storeOf(place.to) };
    const receipt = await copyBlobs(stores, place.progress);
    const removed = place.remove && receipt.broken.length === 0 ? await removeCopied(stores) : 0;
    return { ...receipt, removed };
  } finally {
    await closers.close();
  }
}

interface Stores {
  readonly from: BlobStore;
  readonly to: BlobStore;
}

async function copyBlobs({ from, to }: Stores, progress: MovePlace['progress']): Promise<Omit<MoveReceipt, 'removed'>> {
  const sums = { copied: 0, there: 0, bytes: 0 };
  const broken: string[] = [];
  const waiting = from.list()[Symbol.asyncIterator]();
  // A generator takes its callers one after the other: each worker gets a blob of its own.
  const worker = async (): Promise<void> => {
    for (let next = await waiting.next(); next.done !== true; next = await waiting.next()) {
      const { digest, size } = next.value;
      if ((await to.size(digest)) === size) sums.there += 1;
      else if (await copied(digest)) sums.copied += 1;
      else broken.push(digest);
      sums.bytes += size;
      progress?.({ blobs: sums.copied + sums.there, bytes: sums.bytes });
    }
  };
  const copied = async (digest: string): Promise<boolean> => {
    try {
      // The stream ends with an error when its bytes are not the digest's, so the other store never gets them.
      await to.putStream(from.getStream(digest));
      return true;
    } catch (error) {
      if (error instanceof DomainError && /^blob_(corrupt|missing)$/.test(error.code)) return false;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: copiesAtOnce }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return { ...sums, broken };
}

/** Each only after one more look at the other store. */
async function removeCopied({ from, to }: Stores): Promise<number> {
  let removed = 0;
  for await (const { digest, size } of from.list()) {
    if ((await to.size(digest)) !== size) continue;
    await from.remove(digest);
    removed += 1;
  }
  return removed;
}
