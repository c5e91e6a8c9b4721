import { createHash, hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, readdir, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, type BlobStore, type StoredBlob } from '@devfactory/kit';
import { Condemned } from './condemned.ts';
import { DurableFolder } from './durable-folder.ts';
import { readPart } from './read-part.ts';

const chunkBytes = 1024 * 1024;
const digestForm = /^[0-9a-f]{64}$/;

/**
 * Blobs as files of one folder, `ab/cd/<digest>`, readable by the owner alone. A blob appears under its name only when it is
 * whole and on the disk, so a power cut leaves either all of it or nothing.
 */
export function createFileBlobStore(options: { readonly directory: string }): BlobStore {
  return new FileBlobStore(options.directory);
}

class FileBlobStore implements BlobStore {
  readonly id = 'file';
  readonly place: string;
  readonly #directory: string;
  readonly #folder: DurableFolder;
  readonly #condemned: Condemned;

  constructor(directory: string) {
    this.place = directory;
    this.#directory = directory;
    this.#folder = new DurableFolder(directory);
    this.#condemned = new Condemned(directory, pathOf);
  }

  async put(bytes: Uint8Array): Promise<string> {
    const digest = hash('sha256', bytes, 'hex');
    if (!(await this.#settled(digest, bytes.length))) {
      await this.#folder.write(async (file) => {
        await file.writeFile(bytes);
        return pathOf(digest);
      });
    }
    return digest;
  }

  async putStream(bytes: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }> {
    const sha = createHash('sha256');
    let size = 0;
    let digest = '';
    await this.#folder.write(async (file) => {
      for await (const chunk of bytes) {
        sha.update(chunk);
        size += chunk.length;
        await file.writeFile(chunk);
      }
      digest = sha.digest('hex');
      return pathOf(digest);
    });
    return { digest, size };
  }

  async get(digest: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.getStream(digest)) chunks.push(chunk);
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  }

  async getRange(digest: string, range: { readonly offset: number; readonly length: number }): Promise<Uint8Array> {
    const file = await this.#open(digest);
    try {
      const bytes = await readPart(file, range);
      if (bytes.length < range.length) throw corrupt(digest, `it ends before byte ${range.offset + range.length}`);
      return bytes;
    } finally {
      await file.close();
    }
  }

  async *getStream(digest: string): AsyncIterable<Uint8Array> {
    const file = await this.#open(digest);
    const sha = createHash('sha256');
    try {
      for (let offset = 0; ;) {
        const chunk = await readPart(file, { offset, length: chunkBytes });
        if (chunk.length === 0) break;
        sha.update(chunk);
        offset += chunk.length;
        yield chunk;
      }
    } finally {
      await file.close();
    }
    if (sha.digest('hex') !== digest) throw corrupt(digest, 'its bytes have changed on the disk');
  }

  async has(digest: string): Promise<boolean> {
    return (await this.size(digest)) !== null;
  }

  async size(digest: string): Promise<number | null> {
    return (await this.#stat(digest))?.size ?? null;
  }

  async remove(digest: string): Promise<void> {
    await rm(this.#path(digest), { force: true });
  }

  async removeOlder(digest: string, before: number): Promise<boolean> {
    const found = await this.#stat(digest);
    if (!found || found.mtimeMs >= before) return false;
    return this.#condemned.remove(digest, before);
  }

  async *list(): AsyncIterable<StoredBlob> {
    await this.#condemned.bringBack();
    for (const first of await names(this.#directory)) {
      if (!/^[0-9a-f]{2}$/.test(first)) continue;
      for (const second of await names(join(this.#directory, first))) {
        for (const digest of await names(join(this.#directory, first, second))) {
          const found = digestForm.test(digest) ? await this.#stat(digest) : null;
          if (found) yield { digest, size: found.size, storedAt: found.mtimeMs };
        }
      }
    }
  }

  /** True when the blob is there with the right length. Its name is made durable too: the one who wrote it may not have come that far. */
  async #settled(digest: string, size: number): Promise<boolean> {
    const now = new Date();
    try {
      if ((await stat(this.#path(digest))).size !== size) return false;
      // What is stored again is as good as new, so that nobody takes it for old and unused.
      await utimes(this.#path(digest), now, now);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
    await this.#folder.settle(pathOf(digest));
    return true;
  }

  async #stat(digest: string): Promise<Stats | null> {
    return (await this.#found(digest, () => stat(this.#path(digest)))) ?? null;
  }

  async #open(digest: string): Promise<FileHandle> {
    const file = await this.#found(digest, () => open(this.#path(digest), 'r'));
    if (file) return file;
    const message = `Blob ${digest} is not in ${this.#directory}; restore the folder from a backup.`;
    throw new DomainError('blob_missing', 'not-found', { message });
  }

  /** What `look` gives; undefined when the blob is not there. One on its way out comes back first. */
  async #found<T>(digest: string, look: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await look();
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
      }
      if (tries === 3 || !(await this.#condemned.bringBack(digest))) return undefined;
    }
  }

  #path(digest: string): string {
    return join(this.#directory, pathOf(digest));
  }
}

function pathOf(digest: string): string {
  // Digests come from events and requests: anything else could name a file outside of the folder.
  if (!digestForm.test(digest))
    throw new DomainError('blob_name', 'invalid', { message: `"${digest.slice(0, 80)}" is not a SHA-256 in hex.` });
  return join(digest.slice(0, 2), digest.slice(2, 4), digest);
}

function corrupt(digest: string, how: string): DomainError {
  return new DomainError('blob_corrupt', 'unavailable', {
    message: `Blob ${digest} is damaged: ${how}. Restore it from a backup.`,
  });
}

async function names(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).toSorted();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
