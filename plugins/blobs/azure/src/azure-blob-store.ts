import { createHash, hash } from 'node:crypto';
import type { BlobGetPropertiesResponse, BlockBlobClient } from '@azure/storage-blob';
import {
  Calls,
  openContainer,
  placeOf,
  putBlocks,
  readPart,
  statusOf,
  type AzureAccess,
  type CallOptions,
} from '@devfactory/azure';
import { DomainError, type BlobStore, type StoredBlob } from '@devfactory/kit';
import { coolBlobs } from './cool-blobs.ts';
import { spooled, type Source } from './spool.ts';
import { blobStoreVariables } from './variables.ts';

/** The service gives the MD5 of a part up to this size only. */
const partBytes = 4 * 1024 * 1024;
const blockBytes = 4 * 1024 * 1024;
const folder = 'blobs/';
const digestForm = /^[0-9a-f]{64}$/;
/** The service dates blobs in whole seconds: what it says was stored in a second may be this much, in milliseconds, younger. */
const withinSecondMs = 999;
/** An answer may be under way so long, in milliseconds, before its date is taken for that of a clock that is behind. */
const slowAnswerMs = 5000;
const contendedAtMost = 20;

export interface AzureBlobStoreOptions extends Partial<Pick<CallOptions, 'tries' | 'pauseMs' | 'timeoutMs' | 'tell'>> {
  readonly access: AzureAccess;
  /** Where streams lie until their digest is known; needs room for the largest of them. */
  readonly spoolDirectory: string;
  /** Blobs in one answer to a list, 5,000 at most (and by default). */
  readonly pageSize?: number;
  /** Days after which large blobs that were not stored again go to the tier Cool; 0: never, and by default. */
  readonly coolAfterDays?: number;
}

/**
 * Blobs in a container, `blobs/<digest>`. A blob is created only where there is none (If-None-Match) and in one step, after the
 * service has compared the bytes with a checksum; reads are compared part by part with the service's checksum and as a whole with
 * the name. The container is made when there is none.
 */
export function createAzureBlobStore(options: AzureBlobStoreOptions): BlobStore {
  return new AzureBlobStore(options);
}

class AzureBlobStore implements BlobStore {
  readonly id = 'azure';
  readonly place: string;
  readonly #calls: Calls;
  readonly #spoolDirectory: string;
  readonly #pageSize: number;
  readonly #coolAfterDays: number;
  readonly #tell: (line: string) => void;

  constructor(options: AzureBlobStoreOptions) {
    const { tries = 8, pauseMs = 200, timeoutMs = 120_000, tell = () => {} } = options;
    this.#calls = new Calls(openContainer(options.access, blobStoreVariables), {
      tries,
      pauseMs,
      timeoutMs,
      tell,
      codes: 'blob_store',
    });
    this.place = placeOf(options.access);
    this.#spoolDirectory = options.spoolDirectory;
    this.#pageSize = options.pageSize ?? 5000;
    this.#coolAfterDays = options.coolAfterDays ?? 0;
    this.#tell = tell;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const digest = hash('sha256', whole, 'hex');
    await this.#store({
      digest,
      size: whole.length,
      read: async (offset, length) => whole.subarray(offset, offset + length),
    });
    return digest;
  }

  async putStream(bytes: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }> {
    return spooled(bytes, {
      directory: this.#spoolDirectory,
      use: async (source) => {
        await this.#store(source);
        return { digest: source.digest, size: source.size };
      },
    });
  }

  async get(digest: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.getStream(digest)) chunks.push(chunk);
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  }

  async getRange(digest: string, range: { readonly offset: number; readonly length: number }): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    const end = range.offset + range.length;
    for (let at = range.offset; at < end;) {
      const { bytes } = await this.#part(digest, { offset: at, length: Math.min(partBytes, end - at) });
      if (bytes.length === 0) throw corrupt(digest, `it ends before byte ${end}`);
      chunks.push(bytes);
      at += bytes.length;
    }
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  }

  async *getStream(digest: string): AsyncIterable<Uint8Array> {
    const sha = createHash('sha256');
    for (let offset = 0; ;) {
      const { bytes, size } = await this.#part(digest, { offset, length: partBytes });
      sha.update(bytes);
      offset += bytes.length;
      if (bytes.length > 0) yield bytes;
      if (bytes.length === 0 || offset >= size) break;
    }
    if (sha.digest('hex') !== digest) throw corrupt(digest, 'its bytes have changed in the container');
  }

  async has(digest: string): Promise<boolean> {
    return (await this.size(digest)) !== null;
  }

  async size(digest: string): Promise<number | null> {
    return (await this.#look(digest))?.contentLength ?? null;
  }

  async remove(digest: string): Promise<void> {
    // Bound to what was seen: a request that arrives late, after its answer was given up, removes nothing that was stored since.
    for (let tries = 0; tries < contendedAtMost; tries += 1) {
      const found = await this.#look(digest);
      if (!found || (await this.#removeThis(digest, found))) return;
    }
    throw contended(digest);
  }

  async removeOlder(digest: string, before: number): Promise<boolean> {
    const found = await this.#look(digest);
    if (!found || storedAt(found) >= before) return false;
    return this.#removeThis(digest, found);
  }

  async *list(): AsyncIterable<StoredBlob> {
    for (let continuationToken: string | undefined; ;) {
      const page = await this.#calls.send('listing blobs', async (container, abortSignal) => {
        const pages = container.listBlobsFlat({ prefix: folder, abortSignal });
        const from = continuationToken === undefined ? {} : { continuationToken };
        const next = await pages.byPage({ maxPageSize: this.#pageSize, ...from }).next();
        return next.done === true ? null : next.value;
      });
      for (const { name, properties } of page?.segment.blobItems ?? []) {
        const digest = name.slice(folder.length);
        if (!digestForm.test(digest)) continue;
        yield { digest, size: properties.contentLength ?? 0, storedAt: storedAt({ ...properties, date: page?.date }) };
      }
      continuationToken = page?.continuationToken;
      if (continuationToken === undefined || continuationToken === '') return;
    }
  }

  cool(): Promise<{ blobs: number; bytes: number }> {
    const [pageSize, afterDays, tell] = [this.#pageSize, this.#coolAfterDays, this.#tell];
    return coolBlobs(this.#calls, { prefix: folder, pageSize, afterDays, tell });
  }

  /** Each step may find that another process was faster, or that it was this one and the answer got lost: then it looks anew. */
  async #store(source: Source): Promise<void> {
    for (let tries = 0; tries < contendedAtMost; tries += 1) {
      if (await this.#renewed(source)) return;
      if (await (source.size <= blockBytes ? this.#createdAtOnce(source) : this.#createdFromBlocks(source))) return;
    }
    throw contended(source.digest);
  }

  /** True when the blob is there with the right length, and its date is now new, so that nobody takes it for old and unused. */
  async #renewed({ digest, size }: Source): Promise<boolean> {
    const found = await this.#look(digest);
    if (!found) return false;
    if (found.contentLength !== size) {
      await this.#removeThis(digest, found);
      return false;
    }
    const conditions = { ifMatch: found.etag ?? '' };
    const touch = (blob: BlockBlobClient, abortSignal: AbortSignal) =>
      blob.setMetadata({}, { conditions, abortSignal });
    return (await this.#unless(digest, { what: 'renewing a blob', expected: [404, 412] }, touch)) !== null;
  }

  async #createdAtOnce({ digest, size, read }: Source): Promise<boolean> {
    const bytes = await read(0, size);
    const options = { conditions: { ifNoneMatch: '*' }, transactionalContentMD5: md5(bytes) };
    const upload = (blob: BlockBlobClient, abortSignal: AbortSignal) =>
      blob.upload(bytes, size, { ...options, abortSignal });
    return (await this.#unless(digest, { what: 'storing a blob', expected: [409, 412] }, upload)) !== null;
  }

  /** Blocks of the same bytes have the same names, so that two who store the same blob at once help each other. */
  async #createdFromBlocks({ digest, size, read }: Source): Promise<boolean> {
    try {
      await putBlocks(this.#calls, {
        name: nameOf(digest),
        source: { size, read },
        blockBytes,
        idOf: async (index) => `${blockBytes}-${String(index).padStart(6, '0')}`,
        commit: { conditions: { ifNoneMatch: '*' } },
      });
      return true;
    } catch (error) {
      // 400: another one has committed these blocks meanwhile, and they are not waiting any more.
      if ([400, 409, 412].includes(statusOf(error) ?? 0)) return false;
      throw error;
    }
  }

  /** False when it is not what it was when it was looked at. */
  async #removeThis(digest: string, found: BlobGetPropertiesResponse): Promise<boolean> {
    const options = { conditions: { ifMatch: found.etag ?? '' }, deleteSnapshots: 'include' } as const;
    const act = (blob: BlockBlobClient, abortSignal: AbortSignal) => blob.delete({ ...options, abortSignal });
    return (await this.#unless(digest, { what: 'removing an old blob', expected: [404, 412] }, act)) !== null;
  }

  async #look(digest: string): Promise<BlobGetPropertiesResponse | null> {
    const act = (blob: BlockBlobClient, abortSignal: AbortSignal) => blob.getProperties({ abortSignal });
    return this.#unless(digest, { what: 'looking for a blob', expected: [404] }, act);
  }

  async #part(digest: string, range: { offset: number; length: number }): Promise<{ bytes: Buffer; size: number }> {
    const name = nameOf(digest);
    try {
      return await this.#calls.send('reading a blob', (container, signal) =>
        readPart(container, { name, ...range, signal }),
      );
    } catch (error) {
      if (statusOf(error) === 416) return { bytes: Buffer.alloc(0), size: range.offset };
      if (statusOf(error) !== 404) throw error;
      const message = `Blob ${digest} is not in the container; restore it from a backup.`;
      throw new DomainError('blob_missing', 'not-found', { message });
    }
  }

  /** Null for an answer with one of these codes. */
  async #unless<T>(
    digest: string,
    { what, expected }: { readonly what: string; readonly expected: readonly number[] },
    act: (blob: BlockBlobClient, signal: AbortSignal) => Promise<T>,
  ): Promise<T | null> {
    const name = nameOf(digest);
    try {
      return await this.#calls.send(what, (container, signal) => act(container.getBlockBlobClient(name), signal));
    } catch (error) {
      if (expected.includes(statusOf(error) ?? 0)) return null;
      throw error;
    }
  }
}

function nameOf(digest: string): string {
  // Digests come from events and requests: anything else could name something outside of the folder.
  if (!digestForm.test(digest))
    throw new DomainError('blob_name', 'invalid', { message: `"${digest.slice(0, 80)}" is not a SHA-256 in hex.` });
  return folder + digest;
}

function corrupt(digest: string, how: string): DomainError {
  return new DomainError('blob_corrupt', 'unavailable', {
    message: `Blob ${digest} is damaged: ${how}. Restore it from a backup.`,
  });
}

function contended(digest: string): DomainError {
  return new DomainError('blob_store_failed', 'unavailable', {
    message: `Blob ${digest} is being stored and removed by others all the time. Try again.`,
  });
}

const md5 = (bytes: Uint8Array): Buffer => hash('md5', bytes, 'buffer');

/**
 * The latest moment at which it can have been stored. The one who asks compares it with a clock of ours, so a service whose clock
 * is behind must not make it older than it is. A blob without a date is new.
 */
function storedAt({
  lastModified,
  date,
}: {
  readonly lastModified?: Date | undefined;
  readonly date?: Date | undefined;
}): number {
  const behind = Date.now() - (date?.getTime() ?? Date.now());
  return (lastModified?.getTime() ?? Date.now()) + withinSecondMs + (behind > slowAnswerMs ? behind : 0);
}
