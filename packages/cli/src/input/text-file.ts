import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemCode, UsageError } from '../failure.ts';

export interface TextFileOptions {
  readonly maxBytes: number;
  /** For messages: 'requirements file'. */
  readonly what: string;
}

/** Reads a text file that a person named. Throws UsageError when it is missing, no file, too large, or no UTF-8 text. */
export async function readTextFile(path: string, { maxBytes, what }: TextFileOptions): Promise<string> {
  let bytes: Buffer;
  try {
    // Not blocking: a FIFO without a writer must not hang us before it is seen for what it is.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new UsageError(`The ${what} ${path} is not a file.`);
      if (found.size > maxBytes)
        throw new UsageError(`The ${what} ${path} has ${found.size} bytes; at most ${maxBytes} are read.`);
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') throw new UsageError(`There is no ${what} ${path}.`);
    if (code === 'EACCES') throw new UsageError(`The ${what} ${path} cannot be read by this user.`);
    if (code === 'EISDIR') throw new UsageError(`The ${what} ${path} is a folder.`);
    throw error;
  }
  return decodeText(bytes, `The ${what} ${path}`);
}

/** Bytes as UTF-8 text. Throws UsageError when they are something else. */
export function decodeText(bytes: Uint8Array, subject: string): string {
  const text = decode(bytes);
  if (text === null || text.includes('\0')) throw new UsageError(`${subject} is not a text in UTF-8.`);
  return text;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
