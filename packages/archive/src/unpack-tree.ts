import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { DomainError, type ArrivedEntry } from '@devfactory/kit';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

const targetBytes = 65_536;

/**
 * The entries of a ZIP that was packed here, read from `archive` by way of a file below `directory`, each file against its checksum.
 * Folders are those of names. Throws zip_damaged; what the names say is for the caller to judge.
 */
export async function* unpackTree(archive: AsyncIterable<Uint8Array>, directory: string): AsyncIterable<ArrivedEntry> {
  const path = join(directory, 'arrived.zip');
  await pipeline(archive, createWriteStream(path, { mode: 0o600 }));
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw damaged(error);
  });
  try {
    for await (const entry of eachOf(zip)) {
      if (entry.fileName.endsWith('/')) continue;
      const attributes = entry.externalFileAttributes >>> 16;
      const bytes = bytesOf(zip, entry);
      if ((attributes & 0o170000) === 0o120000)
        yield { type: 'symlink', path: entry.fileName, target: await targetOf(entry, bytes) };
      else yield { type: 'file', path: entry.fileName, executable: (attributes & 0o100) !== 0, bytes };
    }
  } finally {
    zip.close();
  }
}

async function* eachOf(zip: ZipFile): AsyncIterable<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    throw damaged(error);
  }
}

async function* bytesOf(zip: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  let sum = 0;
  try {
    const stream: AsyncIterable<Uint8Array> = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw damaged(error);
  }
  if (sum !== entry.crc32) throw damaged(new Error(`the checksum of "${entry.fileName.slice(0, 200)}" does not fit`));
}

async function targetOf(entry: Entry, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  if (entry.uncompressedSize > targetBytes) throw damaged(new Error('a link has an endless target'));
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** An error of the machine's own (a full disk) stays what it is. */
function damaged(error: unknown): unknown {
  if (error instanceof Error && 'syscall' in error) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new DomainError('zip_damaged', 'conflict', {
    message: `The ZIP that arrived cannot be unpacked (${why}).`,
    cause: error,
  });
}
