import { hash } from 'node:crypto';
import type { BlobStore } from '../blob-store.ts';
import { DomainError } from '../error.ts';

interface Stored {
  readonly bytes: Uint8Array;
  readonly storedAt: number;
}

const contents = new WeakMap<BlobStore, Map<string, Stored>>();

/** Blobs of one test, in memory and gone with it. Keeps the contract of a blob store; given another one it shares that one's blobs. */
export function createMemoryBlobStore(other?: BlobStore): BlobStore {
  const blobs = (other && contents.get(other)) ?? new Map<string, Stored>();
  const find = (digest: string): Uint8Array => {
    if (!/^[0-9a-f]{64}$/.test(digest))
      throw new DomainError('blob_name', 'invalid', { message: `"${digest}" is not a SHA-256 in hex.` });
    const bytes = blobs.get(digest)?.bytes;
    if (!bytes) throw new DomainError('blob_missing', 'not-found', { message: `Blob ${digest} is not there.` });
    return bytes;
  };
  const verified = (digest: string): Uint8Array => {
    const bytes = find(digest);
    if (hash('sha256', bytes, 'hex') !== digest)
      throw new DomainError('blob_corrupt', 'unavailable', { message: `Blob ${digest} is damaged.` });
    return bytes;
  };
  const put = async (bytes: Uint8Array): Promise<string> => {
    const digest = hash('sha256', bytes, 'hex');
    blobs.set(digest, { bytes: Buffer.from(bytes), storedAt: Date.now() });
    return digest;
  };
  const store: BlobStore = {
    id: 'memory',
    place: 'memory',
    put,
    putStream: async (stream) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      return { digest: await put(bytes), size: bytes.length };
    },
    get: async (digest) => verified(digest),
    getRange: async (digest, { offset, length }) => {
      const bytes = find(digest);
      if (offset + length > bytes.length)
        throw new DomainError('blob_corrupt', 'unavailable', { message: `Blob ${digest} is too short.` });
      return bytes.subarray(offset, offset + length);
    },
    getStream: async function* (digest) {
      yield verified(digest);
    },
    has: async (digest) => blobs.has(digest),
    size: async (digest) => blobs.get(digest)?.bytes.length ?? null,
    remove: async (digest) => {
      if (!/^[0-9a-f]{64}$/.test(digest)) find(digest);
      blobs.delete(digest);
    },
    removeOlder: async (digest, before) => {
      const stored = blobs.get(digest);
      return stored !== undefined && stored.storedAt < before && blobs.delete(digest);
    },
    list: async function* () {
      for (const [digest, { bytes, storedAt }] of blobs) yield { digest, size: bytes.length, storedAt };
    },
  };
  contents.set(store, blobs);
  return store;
}
