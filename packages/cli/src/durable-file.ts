import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface WrittenFile {
  readonly digest: string;
  readonly bytes: number;
}

/** Writes a new file and returns when it is on the disk. The name is only moved to its place by the caller. */
export async function writeNewFile(
  path: string,
  body: AsyncIterable<Uint8Array> | null,
  mode: number,
): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', mode);
  try {
    for await (const chunk of body ?? []) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { digest: hash.digest('hex'), bytes };
}

/** Makes renames in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
