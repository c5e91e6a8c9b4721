import type { Workspace } from '@devfactory/kit';
import type { PackWriter } from './packs/pack-writer.ts';
import type { SeenEntry } from './walk-check.ts';

/** A file whose bytes are stored. `stamp` is its stamp as of the reading. */
export interface ReadFile {
  readonly stamp: string;
  /** An equal stamp proves nothing, so it is read again next time. */
  readonly fresh: boolean;
  readonly object: string;
  readonly size: number;
}

interface Reading {
  readonly workspace: Workspace;
  readonly writer: PackWriter;
  readonly isKnown: (digest: string) => boolean;
}

const largeBytes = 16 * 1024 * 1024;
const partBytes = 1024 * 1024;

/** Reads files and stores what is new. Files that are gone or cannot be read are not in the answer. */
export async function readInto(reading: Reading, files: readonly SeenEntry[]): Promise<Map<string, ReadFile>> {
  const read = new Map<string, ReadFile>();
  const inParts = reading.workspace.files.readPart ? files.filter(({ entry }) => entry.size >= largeBytes) : [];
  const whole = inParts.length === 0 ? files : files.filter(({ entry }) => entry.size < largeBytes);
  if (whole.length > 0) await readWhole(reading, whole, read);
  for (const file of inParts) {
    const large = await readLarge(reading, file);
    if (large) read.set(file.key, large);
  }
  return read;
}

async function readWhole(reading: Reading, files: readonly SeenEntry[], read: Map<string, ReadFile>): Promise<void> {
  const names = files.map(({ entry }) => ({ path: entry.path, raw: entry.raw }));
  let index = 0;
  for await (const { path, bytes, stamp, fresh } of reading.workspace.files.readMany(names)) {
    const file = files[index];
    index += 1;
    // Answers come in the order of the questions: any other is not to be trusted with a name.
    if (!file || file.entry.path !== path)
      throw new Error(
        `the sandbox answered "${path.slice(0, 200)}" when asked for "${file?.entry.path ?? 'nothing more'}"`,
      );
    if (bytes !== null)
      read.set(file.key, {
        stamp,
        fresh,
        object: await reading.writer.add(bytes, reading.isKnown),
        size: bytes.length,
      });
  }
}

async function readLarge(reading: Reading, file: SeenEntry): Promise<ReadFile | null> {
  const { files } = reading.workspace;
  const name = { path: file.entry.path, raw: file.entry.raw };
  let stamp: string | null = '';
  let fresh = false;
  async function* parts(): AsyncIterable<Uint8Array> {
    for (let offset = 0; ; offset += partBytes) {
      const part = await files.readPart?.(name, { offset, length: partBytes });
      stamp = part?.bytes ? part.stamp : null;
      fresh ||= part?.fresh ?? true;
      if (!part?.bytes || part.bytes.length === 0) return;
      yield part.bytes;
      if (part.bytes.length < partBytes) return;
    }
  }
  const { digest, size } = await reading.writer.addLarge(parts());
  return stamp === null ? null : { stamp, fresh, object: digest, size };
}
