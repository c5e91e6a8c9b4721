import { hash } from 'node:crypto';
import type { BlockBlobCommitBlockListOptions } from '@azure/storage-blob';
import { statusOf } from './answers.ts';
import type { Calls } from './calls.ts';

/** Bytes that can be read again, for a request that has to be sent again. */
export interface BlobSource {
  readonly size: number;
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

export interface Blocks {
  readonly name: string;
  readonly source: BlobSource;
  readonly blockBytes: number;
  /** For one blob all of the same length. Blocks of different bytes have different names, unless the blob's own name tells them apart. */
  readonly idOf: (index: number, bytes: () => Promise<Uint8Array>) => Promise<string>;
  /** What waits there from an attempt before is not sent again. */
  readonly resume?: boolean;
  readonly commit: BlockBlobCommitBlockListOptions;
  /** Told the bytes that are there, after each block. */
  readonly progress?: (bytes: number) => void;
}

const blocksAtOnce = 3;

/** Sends the blocks, a few at a time, each with its checksum, and then the one list that makes them a blob. Throws what the service answers to the list. */
export async function putBlocks(calls: Calls, blocks: Blocks): Promise<void> {
  const { name, source, blockBytes } = blocks;
  const count = Math.ceil(source.size / blockBytes);
  const waiting = blocks.resume ? await waitingBlocks(calls, name) : new Map<string, number>();
  const ids: string[] = Array.from({ length: count }, () => '');
  let next = 0;
  let there = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < count && !failed) {
      const index = next++;
      const length = Math.min(blockBytes, source.size - index * blockBytes);
      let read: Promise<Uint8Array> | undefined;
      const bytes = (): Promise<Uint8Array> => (read ??= source.read(index * blockBytes, length));
      const id = Buffer.from(await blocks.idOf(index, bytes)).toString('base64');
      ids[index] = id;
      if (waiting.get(id) !== length) {
        const body = await bytes();
        const transactionalContentMD5 = hash('md5', body, 'buffer');
        await calls.send('storing a block', (container, abortSignal) =>
          container
            .getBlockBlobClient(name)
            .stageBlock(id, body, body.length, { transactionalContentMD5, abortSignal }),
        );
      }
      there += length;
      blocks.progress?.(there);
    }
  };
  const working = Array.from({ length: blocksAtOnce }, () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // All of them have stopped before the source is closed.
  const ends = await Promise.allSettled(working);
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
  await calls.send('storing a list of blocks', (container, abortSignal) =>
    container.getBlockBlobClient(name).commitBlockList(ids, { ...blocks.commit, abortSignal }),
  );
}

/** Name and length of the blocks that no list has made a blob of. The service keeps them for a week. */
async function waitingBlocks(calls: Calls, name: string): Promise<ReadonlyMap<string, number>> {
  try {
    const { uncommittedBlocks = [] } = await calls.send('looking for blocks', (container, abortSignal) =>
      container.getBlockBlobClient(name).getBlockList('uncommitted', { abortSignal }),
    );
    return new Map(uncommittedBlocks.map((block) => [block.name, block.size]));
  } catch (error) {
    if (statusOf(error) === 404) return new Map();
    throw error;
  }
}
