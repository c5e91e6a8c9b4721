import type { FileHandle } from 'node:fs/promises';

/** Up to `length` bytes from `offset`; fewer only where the file ends. */
export async function readPart(
  file: FileHandle,
  range: { readonly offset: number; readonly length: number },
): Promise<Uint8Array> {
  const size = (await file.stat()).size;
  // The file, not the caller, bounds what is allocated.
  const bytes = new Uint8Array(Math.max(0, Math.min(range.length, size - range.offset)));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, range.offset + filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}
