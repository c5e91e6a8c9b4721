import { createHash, randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes whose digest is known and that can be read again, for a request that has to be sent again. */
export interface Source {
  readonly digest: string;
  readonly size: number;
  readonly read: (offset: number, length: number) => Promise<Buffer>;
}

/**
 * Lays a stream on the disk to learn its name, and gives it to `use`. The file has no name from its first byte on: whatever
 * happens, nothing stays behind.
 */
export async function spooled<T>(
  stream: AsyncIterable<Uint8Array>,
  { directory, use }: { readonly directory: string; readonly use: (source: Source) => Promise<T> },
): Promise<T> {
  const path = join(directory, `.spool-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await rm(path);
    const sha = createHash('sha256');
    let size = 0;
    for await (const chunk of stream) {
      sha.update(chunk);
      size += chunk.length;
      await file.writeFile(chunk);
    }
    return await use({
      digest: sha.digest('hex'),
      size,
      read: (offset, length) => readWhole(file, { offset, length }),
    });
  } finally {
    await file.close();
  }
}

async function readWhole(file: FileHandle, { offset, length }: { offset: number; length: number }): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) throw new Error('A spooled stream ended early.');
    at += bytesRead;
  }
  return bytes;
}
