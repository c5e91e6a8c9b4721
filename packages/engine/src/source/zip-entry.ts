import { crc32 } from 'node:zlib';
import { DomainError } from '@devfactory/kit';
import type { Entry, ZipFile } from 'yauzl';

/** An entry's bytes, no more than it says, checked against its checksum at the end. Throws zip_invalid. */
export async function* readEntry(zip: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  let sum = 0;
  try {
    const stream: AsyncIterable<Uint8Array> = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw damaged(entry, error);
  }
  if (sum !== entry.crc32) throw damaged(entry, null);
}

function damaged(entry: Entry, cause: unknown): DomainError {
  const why = cause instanceof Error ? cause.message : 'its checksum does not fit';
  const message = `The ZIP is damaged: "${entry.fileName.slice(0, 200)}" cannot be unpacked (${why}). Make the ZIP anew.`;
  return new DomainError('zip_invalid', 'invalid', { message, cause });
}
