import type { Checkpoint } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { blobsOf } from '../manifest.ts';

/** Something that must stay: a checkpoint with all that it needs, or one blob. */
export type LiveRoot = Pick<Checkpoint, 'id' | 'manifest' | 'packs'> | { readonly digest: string };

export interface GarbageRequest {
  /**
   * Everything that must stay. Asked for once, after `before` was settled on and before anything is removed. When it throws, nothing
   * is removed.
   */
  readonly liveRoots: () => AsyncIterable<LiveRoot> | Iterable<LiveRoot>;
  /**
   * Only what was stored last before this moment of the store's clock (milliseconds since 1970) is garbage. What writers have stored
   * and not yet referred to is safe as long as it is no later than the start of the oldest writer that may still refer to something:
   * the oldest lease that is held now, or the longest request.
   */
  readonly before: number;
  /** Counts and names what would go, and removes nothing. */
  readonly dryRun?: boolean;
}

export interface Garbage {
  /** Blobs that went, or would go. */
  readonly removed: { readonly blobs: number; readonly bytes: number };
  /** Blobs that something needs. */
  readonly kept: { readonly blobs: number; readonly bytes: number };
  /** Blobs that nothing refers to yet, too new to be judged. */
  readonly recent: { readonly blobs: number; readonly bytes: number };
  /** Digests of the first of those that went, at most 1,000. */
  readonly named: readonly string[];
  /** Live checkpoints that cannot be read, each with the reason. What their events name of them was kept. */
  readonly broken: readonly { readonly checkpoint: string; readonly why: string }[];
}

const namedAtMost = 1000;

/**
 * Removes what no checkpoint and nothing else needs. May run beside writers and be killed at any moment: only what is garbage goes,
 * blob by blob, and the next run goes on. Two may run at once. Throws what the store throws.
 */
export async function collectGarbage(blobs: BlobStore, request: GarbageRequest): Promise<Garbage> {
  const live = await mark(blobs, request);
  const sums = { removed: new Sum(), kept: new Sum(), recent: new Sum() };
  const named: string[] = [];
  for await (const { digest, size, storedAt } of blobs.list()) {
    if (live.digests.has(digest)) sums.kept.add(size);
    else if (storedAt >= request.before) sums.recent.add(size);
    else if (request.dryRun === true || (await blobs.removeOlder(digest, request.before))) {
      sums.removed.add(size);
      if (named.length < namedAtMost) named.push(digest);
    } else sums.recent.add(size);
  }
  return { ...sums, named, broken: live.broken };
}

class Sum {
  blobs = 0;
  bytes = 0;

  add(bytes: number): void {
    this.blobs += 1;
    this.bytes += bytes;
  }
}

async function mark(
  blobs: BlobStore,
  { liveRoots }: GarbageRequest,
): Promise<{ readonly digests: ReadonlySet<string>; readonly broken: Garbage['broken'] }> {
  const digests = new Set<string>();
  const broken: { checkpoint: string; why: string }[] = [];
  const seen = new Set<string>();
  for await (const root of liveRoots()) {
    if ('digest' in root) {
      digests.add(root.digest);
      continue;
    }
    for (const digest of [root.manifest, ...root.packs]) digests.add(digest);
    if (seen.has(root.manifest)) continue;
    seen.add(root.manifest);
    try {
      for (const digest of await blobsOf(blobs, root)) digests.add(digest);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'checkpoint_broken')) throw error;
      broken.push({ checkpoint: root.id, why: error.message });
    }
  }
  return { digests, broken };
}
