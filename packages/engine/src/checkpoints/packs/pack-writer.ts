import { createHash, hash } from 'node:crypto';
import type { BlobStore } from '@devfactory/kit';
import { packBlock, type Block, type Location } from './block.ts';

/** Small objects share a block up to this: it makes them compress well, and one can still be read without reading much. */
const blockBytes = 256 * 1024;
/** A larger object is cut into blocks of this, so that it can be read without all of it in memory. */
const partBytes = 1024 * 1024;
const packBytes = 32 * 1024 * 1024;
const magic = Buffer.from('DFPACK01');

interface ObjectPlace {
  readonly digest: string;
  /** First block, and how many follow one another. */
  readonly block: number;
  readonly blocks: number;
  readonly start: number;
  readonly size: number;
}

/** A block before its pack has a name. */
type PendingBlock = Omit<Block, 'pack'>;

/**
 * Puts new objects into packs: blobs of blocks, an index and a trailer, each readable without any other. After `durable` every
 * pack is stored. Memory holds two packs at most; what is larger than a block of its own goes through `addLarge`.
 */
export class PackWriter {
  readonly #blobs: BlobStore;
  readonly #locations = new Map<string, Location>();
  #open: { digest: string; bytes: Uint8Array }[] = [];
  #openBytes = 0;
  #chunks: Uint8Array[] = [];
  #blocks: PendingBlock[] = [];
  #objects: ObjectPlace[] = [];
  #pending = new Set<string>();
  #offset = 0;
  #storing: Promise<unknown> = Promise.resolve();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Stores an object once and gives its digest. `isKnown` says whether a pack that exists already holds it. */
  async add(bytes: Uint8Array, isKnown: (digest: string) => boolean): Promise<string> {
    const digest = hash('sha256', bytes, 'hex');
    if (isKnown(digest) || this.#locations.has(digest) || this.#pending.has(digest)) return digest;
    this.#pending.add(digest);
    if (bytes.length > partBytes) await this.#addInParts(digest, bytes);
    else {
      this.#open.push({ digest, bytes });
      this.#openBytes += bytes.length;
      if (this.#openBytes >= blockBytes) await this.#closeBlock();
    }
    if (this.#offset >= packBytes) await this.#closePack();
    return digest;
  }

  /** Stores an object that may not fit into memory in a pack of its own. The same bytes give the same pack, so this too is stored once. */
  async addLarge(parts: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }> {
    const sha = createHash('sha256');
    const blocks: PendingBlock[] = [];
    let size = 0;
    let digest = '';
    async function* pack(): AsyncIterable<Uint8Array> {
      let offset = 0;
      for await (const part of parts) {
        sha.update(part);
        const packed = await packBlock(part);
        blocks.push({ offset, length: packed.bytes.length, codec: packed.codec, size: part.length });
        offset += packed.bytes.length;
        size += part.length;
        yield packed.bytes;
      }
      digest = sha.digest('hex');
      yield await indexOf(blocks, [{ digest, block: 0, blocks: blocks.length, start: 0, size }]);
    }
    const stored = await this.#blobs.putStream(pack());
    this.#locations.set(digest, { start: 0, blocks: blocks.map((block) => ({ ...block, pack: stored.digest })) });
    return { digest, size };
  }

  /** Closes the last pack and tells where each added object lies. The packs are there only after `durable`. */
  async finish(): Promise<ReadonlyMap<string, Location>> {
    await this.#closePack();
    return this.#locations;
  }

  /** Resolves when every pack that was closed is stored. */
  async durable(): Promise<void> {
    await this.#storing;
  }

  async #addInParts(digest: string, bytes: Uint8Array): Promise<void> {
    await this.#closeBlock();
    const place = { digest, block: this.#blocks.length, start: 0, size: bytes.length };
    for (let at = 0; at < bytes.length; at += partBytes) await this.#addBlock(bytes.subarray(at, at + partBytes));
    this.#objects.push({ ...place, blocks: this.#blocks.length - place.block });
  }

  async #addBlock(raw: Uint8Array): Promise<void> {
    const { bytes, codec } = await packBlock(raw);
    this.#blocks.push({ offset: this.#offset, length: bytes.length, codec, size: raw.length });
    this.#chunks.push(bytes);
    this.#offset += bytes.length;
  }

  async #closeBlock(): Promise<void> {
    if (this.#open.length === 0) return;
    const members = this.#open;
    this.#open = [];
    this.#openBytes = 0;
    let start = 0;
    for (const { digest, bytes } of members) {
      this.#objects.push({ digest, block: this.#blocks.length, blocks: 1, start, size: bytes.length });
      start += bytes.length;
    }
    await this.#addBlock(Buffer.concat(members.map((member) => member.bytes)));
  }

  async #closePack(): Promise<void> {
    await this.#closeBlock();
    if (this.#objects.length === 0) return;
    const bytes = Buffer.concat([...this.#chunks, await indexOf(this.#blocks, this.#objects)]);
    const pack = hash('sha256', bytes, 'hex');
    // One is stored while the next one fills: two in memory at most.
    await this.#storing;
    // As a stream it is written in any case, so that a damaged pack of the same name is mended.
    this.#storing = this.#blobs.putStream(streamOf(bytes));
    // Whoever waits for it hears of a failure.
    this.#storing.catch(() => undefined);
    const all = this.#blocks.map((block): Block => ({ ...block, pack }));
    for (const { digest, block, blocks, start } of this.#objects) {
      this.#locations.set(digest, { start, blocks: all.slice(block, block + blocks) });
    }
    this.#chunks = [];
    this.#blocks = [];
    this.#objects = [];
    this.#pending = new Set();
    this.#offset = 0;
  }
}

/** Index and trailer: a pack can be read with nothing but itself. */
async function indexOf(blocks: readonly PendingBlock[], objects: readonly ObjectPlace[]): Promise<Uint8Array> {
  const text = JSON.stringify({
    blocks: blocks.map(({ offset, length, codec, size }) => [offset, length, codec, size]),
    objects: objects.map(({ digest, block, blocks, start, size }) => [digest, block, blocks, start, size]),
  });
  const index = await packBlock(Buffer.from(text));
  const trailer = Buffer.alloc(9);
  trailer.writeUInt32LE(index.bytes.length, 0);
  trailer.writeUInt32LE(Buffer.byteLength(text), 4);
  trailer.writeUInt8(index.codec === 'zstd' ? 1 : 0, 8);
  return Buffer.concat([index.bytes, trailer, magic]);
}

async function* streamOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
