import { hash } from 'node:crypto';
import type { BlobHTTPHeaders, ContainerClient } from '@azure/storage-blob';
import { codeOf, putBlocks, readPart, statusOf, type BlobSource, type Calls } from '@devfactory/azure';
import { DomainError } from '@devfactory/kit';

const partBytes = 4 * 1024 * 1024;
const blockBytes = 8 * 1024 * 1024;

/** A blob that is there. */
export interface Known {
  readonly etag: string;
  readonly size: number;
  /** Set by this exporter, at the moment at which the blob was made. */
  readonly sha256: string | undefined;
  readonly run: string | undefined;
}

export interface NewBlob {
  readonly name: string;
  readonly sha256: string;
  readonly run: string;
  readonly source: BlobSource;
  readonly headers: BlobHTTPHeaders;
  /** What it stands in the place of; null: only where there is none. */
  readonly instead: Known | null;
  readonly progress?: (bytes: number) => void;
}

/** What a delivery does with a container. Every blob appears whole, compared with its checksum, and only in the place of what was seen. */
export class DeliveryPlace {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  async list(prefix: string): Promise<ReadonlyMap<string, Known>> {
    const known = new Map<string, Known>();
    for (let from: string | undefined; ;) {
      const page = await this.#calls.send('listing what is there', async (container, abortSignal) => {
        const pages = container.listBlobsFlat({ prefix, includeMetadata: true, abortSignal });
        const next = await pages.byPage(from === undefined ? {} : { continuationToken: from }).next();
        return next.done === true ? null : next.value;
      });
      for (const { name, metadata = {}, properties } of page?.segment.blobItems ?? [])
        known.set(name, {
          etag: properties.etag,
          size: properties.contentLength ?? 0,
          sha256: metadata['devfactorysha256'],
          run: metadata['devfactoryrun'],
        });
      from = page?.continuationToken;
      if (from === undefined || from === '') return known;
    }
  }

  /** False when something else is in its place now. */
  async put(blob: NewBlob): Promise<boolean> {
    const { name, sha256, run, source, headers, instead } = blob;
    const options = {
      conditions: instead === null ? { ifNoneMatch: '*' } : { ifMatch: instead.etag },
      blobHTTPHeaders: headers,
      metadata: { devfactorysha256: sha256, devfactoryrun: run },
    };
    try {
      if (source.size > blockBytes) {
        await putBlocks(this.#calls, {
          name,
          source,
          blockBytes,
          idOf: async (index, bytes) => `${hash('md5', await bytes(), 'hex')}-${String(index).padStart(6, '0')}`,
          resume: true,
          commit: options,
          ...(blob.progress ? { progress: blob.progress } : {}),
        });
        return true;
      }
      const bytes = await source.read(0, source.size);
      const transactionalContentMD5 = hash('md5', bytes, 'buffer');
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      await this.#calls.send('storing a blob', (container, abortSignal) =>
        container.getBlockBlobClient(name).upload(body, body.length, {
          ...options,
          // The SDK sends MD5 of the body alone; the blob's own is what later readers compare with.
          blobHTTPHeaders: { ...headers, blobContentMD5: transactionalContentMD5 },
          abortSignal,
        }),
      );
      blob.progress?.(source.size);
      return true;
    } catch (error) {
      if ([409, 412].includes(statusOf(error) ?? 0)) return this.#isThere(blob);
      throw error;
    }
  }

  /** An answer that got lost on the way, or another delivery of the same at the same moment. */
  async #isThere({ name, sha256, source }: NewBlob): Promise<boolean> {
    const found = await this.look(name);
    return found?.sha256 === sha256 && found.size === source.size;
  }

  async look(name: string): Promise<Known | null> {
    try {
      const found = await this.#calls.send('looking for a blob', (container, abortSignal) =>
        container.getBlobClient(name).getProperties({ abortSignal }),
      );
      const { etag = '', contentLength = 0, metadata = {} } = found;
      return { etag, size: contentLength, sha256: metadata['devfactorysha256'], run: metadata['devfactoryrun'] };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  /** Only as it was seen. */
  async remove(name: string, { etag }: Known): Promise<void> {
    try {
      await this.#calls.send('removing what is no part of it any more', (container, abortSignal) =>
        container
          .getBlobClient(name)
          .delete({ conditions: { ifMatch: etag }, deleteSnapshots: 'include', abortSignal }),
      );
    } catch (error) {
      if (![404, 412].includes(statusOf(error) ?? 0)) throw error;
    }
  }

  /** Tags are for finding things. Where the account or the SAS does not allow them the delivery is as good without: false. */
  async tag(name: string, tags: Readonly<Record<string, string>>): Promise<boolean> {
    try {
      await this.#calls.send('setting tags', (container, abortSignal) =>
        container.getBlobClient(name).setTags({ ...tags }, { abortSignal }),
      );
      return true;
    } catch (error) {
      const refused = error instanceof DomainError && /_(refused|failed)$/.test(error.code);
      if (refused || statusOf(error) === 409 || codeOf(error) === 'FeatureNotSupported') return false;
      throw error;
    }
  }

  async *read(name: string): AsyncIterable<Uint8Array> {
    for (let offset = 0; ;) {
      const part = (container: ContainerClient, signal: AbortSignal) =>
        readPart(container, { name, offset, length: partBytes, signal });
      const { bytes, size } = await this.#calls.send('reading back', part).catch((error: unknown) => {
        if (statusOf(error) === 416) return { bytes: Buffer.alloc(0), size: offset };
        throw error;
      });
      offset += bytes.length;
      if (bytes.length > 0) yield bytes;
      if (bytes.length === 0 || offset >= size) return;
    }
  }
}
