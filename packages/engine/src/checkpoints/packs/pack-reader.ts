import { createHash } from 'node:crypto';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { unpackBlock, type Block, type Location } from './block.ts';

/** What is asked for, and for whom, so that an error can name what it breaks. */
export interface Wanted {
  readonly checkpoint: string;
  readonly path: string;
  readonly object: string;
  readonly size: number;
  readonly location: Location | undefined;
}

/** Reads objects out of packs and keeps the block it read last: neighbours come in a row. */
export class PackReader {
  readonly #blobs: BlobStore;
  #last: { readonly block: Block; readonly bytes: Uint8Array } | null = null;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** The object's bytes, verified. Throws checkpoint_broken. */
  async read(wanted: Wanted): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this.stream(wanted)) parts.push(part);
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /** The same piece by piece; an error ends the stream when the whole is not what its digest says. */
  async *stream(wanted: Wanted): AsyncIterable<Uint8Array> {
    const { location, size } = wanted;
    if (!location) throw broken(wanted, 'no pack is named for it');
    const sha = createHash('sha256');
    let at = location.start;
    let left = size;
    for (const block of location.blocks) {
      const bytes = await this.#block(block, wanted);
      const part = bytes.subarray(at, at + left);
      sha.update(part);
      left -= part.length;
      at = 0;
      if (part.length > 0) yield part;
    }
    if (left > 0 || sha.digest('hex') !== wanted.object) throw broken(wanted, 'the bytes in its pack have changed');
  }

  async #block(block: Block, wanted: Wanted): Promise<Uint8Array> {
    if (this.#last && sameBlock(this.#last.block, block)) return this.#last.bytes;
    try {
      const bytes = await unpackBlock(await this.#blobs.getRange(block.pack, block), block);
      this.#last = { block, bytes };
      return bytes;
    } catch (error) {
      const missing = error instanceof DomainError && error.code === 'blob_missing';
      throw broken(wanted, `pack ${block.pack} is ${missing ? 'missing' : 'damaged'}`, error);
    }
  }
}

function sameBlock(a: Block, b: Block): boolean {
  return a === b || (a.pack === b.pack && a.offset === b.offset);
}

/** Order in which packs are read from front to back, each block once. */
export function inPackOrder(a: Location | undefined, b: Location | undefined): number {
  const [first, second] = [a?.blocks[0], b?.blocks[0]];
  if (!first || !second) return first ? 1 : second ? -1 : 0;
  if (first.pack !== second.pack) return first.pack < second.pack ? -1 : 1;
  return first.offset - second.offset || (a?.start ?? 0) - (b?.start ?? 0);
}

function broken(wanted: Wanted, why: string, cause?: unknown): DomainError {
  const message = `Checkpoint ${wanted.checkpoint} cannot give back "${wanted.path}" (object ${wanted.object}): ${why}. Restore the blob store from a backup.`;
  return new DomainError('checkpoint_broken', 'unavailable', { message, cause });
}
