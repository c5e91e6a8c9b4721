import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { DomainError } from '@devfactory/kit';
import type { Entry, ZipFile } from 'yauzl';

/** Where an entry's bytes lie, and what they are once unpacked: all that is kept of an entry, as there may be very many. */
export interface Packed {
  readonly name: string;
  /** Of the entry's own header. */
  readonly offset: number;
  readonly packedSize: number;
  readonly size: number;
  readonly isDeflated: boolean;
  readonly sum: number;
}

/** What is packed smaller is unpacked at once; a stream for each of 200,000 files would take minutes and half a gigabyte. */
const atOnceBytes = 256 * 1024;
const windowBytes = 1024 * 1024;
const headerBytes = 30;
const headerMark = 0x04034b50;
const sliceMs = 20;

export function packedOf(entry: Entry): Packed {
  return {
    name: entry.fileName.slice(0, 200),
    offset: entry.relativeOffsetOfLocalHeader,
    packedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    isDeflated: entry.compressionMethod === 8,
    sum: entry.crc32,
  };
}

/** Unpacks entries of one ZIP, one after the other: neighbours in the file are read with one look at it. */
export class ZipEntries {
  readonly #zip: ZipFile;
  readonly #file: FileHandle;
  #window = { at: 0, bytes: Buffer.alloc(0) };
  #sliceEnds = 0;

  constructor(zip: ZipFile, file: FileHandle) {
    this.#zip = zip;
    this.#file = file;
  }

  /** An entry's bytes, no more than it says, checked against its checksum at the end. Throws zip_invalid. */
  async *read(packed: Packed): AsyncGenerator<Uint8Array> {
    await this.#breathe();
    let sum = 0;
    let size = 0;
    try {
      const isSmall = packed.packedSize <= atOnceBytes && packed.size <= atOnceBytes;
      const chunks = isSmall ? [await this.#atOnce(packed)] : await this.#stream(packed);
      for await (const chunk of chunks) {
        sum = crc32(chunk, sum);
        size += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw damaged(packed, error);
    }
    if (sum !== packed.sum || size !== packed.size) throw damaged(packed, null);
  }

  async close(): Promise<void> {
    this.#zip.close();
    await this.#file.close();
  }

  async #atOnce(packed: Packed): Promise<Uint8Array> {
    const bytes = await this.#read(await this.#dataAt(packed), packed.packedSize);
    // A copy, as the window moves on.
    if (!packed.isDeflated) return Uint8Array.from(bytes);
    const maxOutputLength = Math.max(1, packed.size);
    return inflateRawSync(bytes, { maxOutputLength, chunkSize: Math.max(64, Math.min(maxOutputLength, 65_536)) });
  }

  async #stream(packed: Packed): Promise<AsyncIterable<Uint8Array>> {
    const { packedSize, size, isDeflated } = packed;
    const at = await this.#dataAt(packed);
    // The library's own promise form of this call asks for another thing.
    return new Promise((resolve, reject) => {
      this.#zip.openReadStreamLowLevel(at, packedSize, 0, packedSize, isDeflated, size, (error, stream) => {
        if (error) reject(error);
        else resolve(stream);
      });
    });
  }

  /** The entry's own header repeats its name, and may have other extra fields than the directory at the end. */
  async #dataAt({ offset, packedSize }: Packed): Promise<number> {
    const header = await this.#read(offset, headerBytes);
    if (header.readUInt32LE(0) !== headerMark) throw new Error('its header is not where it should be');
    const at = offset + headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (at + packedSize > this.#zip.fileSize) throw new Error('it reaches over the end of the file');
    return at;
  }

  async #read(at: number, length: number): Promise<Buffer> {
    const start = at - this.#window.at;
    if (start < 0 || start + length > this.#window.bytes.length) {
      const bytes = Buffer.allocUnsafe(Math.max(length, windowBytes));
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, at);
      this.#window = { at, bytes: bytes.subarray(0, bytesRead) };
      if (bytesRead < length) throw new Error('the file ends too early');
      return bytes.subarray(0, length);
    }
    return this.#window.bytes.subarray(start, start + length);
  }

  /** Unpacking at once keeps everything else waiting. */
  async #breathe(): Promise<void> {
    if (performance.now() < this.#sliceEnds) return;
    await setImmediate();
    this.#sliceEnds = performance.now() + sliceMs;
  }
}

function damaged({ name }: Packed, cause: unknown): DomainError {
  const why = cause instanceof Error ? cause.message : 'its checksum does not fit';
  const message = `The ZIP is damaged: "${name}" cannot be unpacked (${why}). Make the ZIP anew.`;
  return new DomainError('zip_invalid', 'invalid', { message, cause });
}
