import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32, createDeflateRaw, deflateRaw } from 'node:zlib';
import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError, type SourceTree } from '@devfactory/kit';
import { descriptor, directoryRecord, endOfDirectory, localHead, most32, type ZipEntry } from './zip-records.ts';

type FileEntry = ManifestEntry & { readonly type: 'file' };

/** Up to here a file is packed at once, which costs half of what a stream for each would. */
const atOnce = 4 * 1024 * 1024;
/** A file that does not shrink grows a little: sizes near the limit are written wide. */
const nearMost32 = most32 - 64 * 1024 * 1024;
const deflateAtOnce = promisify(deflateRaw);

/**
 * A ZIP of a tree, streamed. The same tree gives the same bytes: entries in byte order of the path, one fixed time, modes of files
 * reduced to 644 and 755. (Deflate itself may differ between builds of Node.) Symlinks stay symlinks; nothing is followed.
 * Throws export_path when a name cannot be in a ZIP: leaving it out would deliver another tree than the approved one.
 */
export async function* packTree(tree: SourceTree, signal: AbortSignal): AsyncIterable<Uint8Array> {
  signal.throwIfAborted();
  for (const entry of tree.entries) checkName(entry);
  const directory: Buffer[] = [];
  let [at, bytes] = [0, 0];
  for (const entry of tree.entries) {
    let length = 0;
    const packing = pack(tree, entry);
    for (;;) {
      const next = await packing.next();
      signal.throwIfAborted();
      if (next.done === true) {
        directory.push(directoryRecord(next.value, at));
        break;
      }
      length += next.value.length;
      yield next.value;
    }
    at += length;
  }
  for (const record of directory) {
    bytes += record.length;
    yield record;
  }
  yield endOfDirectory({ entries: directory.length, at, bytes });
}

/** All of an entry but its place in the directory, which needs what it gives at its end. */
async function* pack(tree: SourceTree, entry: ManifestEntry): AsyncGenerator<Uint8Array, ZipEntry> {
  const known = { described: false, deflated: false, large: false, crc: 0, packed: 0, size: 0 };
  switch (entry.type) {
    case 'directory': {
      const head = { ...known, name: Buffer.from(`${entry.path}/`), mode: 0o040755 };
      yield localHead(head);
      return head;
    }
    case 'symlink': {
      const target = Buffer.from(entry.target);
      const sizes = { packed: target.length, size: target.length, crc: crc32(target) };
      const head = { ...known, ...sizes, name: Buffer.from(entry.path), mode: 0o120777 };
      yield localHead(head);
      yield target;
      return head;
    }
    case 'file': {
      const head = { ...known, name: Buffer.from(entry.path), mode: entry.mode & 0o100 ? 0o100755 : 0o100644 };
      return entry.size <= atOnce ? yield* packAtOnce(tree, entry, head) : yield* packAsItComes(tree, entry, head);
    }
  }
}

async function* packAtOnce(tree: SourceTree, entry: FileEntry, head: ZipEntry): AsyncGenerator<Uint8Array, ZipEntry> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of tree.read(entry)) {
    size += chunk.length;
    if (size > entry.size) throw otherSize(entry);
    chunks.push(chunk);
  }
  if (size !== entry.size) throw otherSize(entry);
  const data = Buffer.concat(chunks);
  const packed = size === 0 ? data : await deflateAtOnce(data);
  const whole = { ...head, deflated: size > 0, crc: crc32(data), packed: packed.length, size };
  yield localHead(whole);
  if (packed.length > 0) yield packed;
  return whole;
}

/** With flat memory, whatever its size: sum and sizes follow the data. */
async function* packAsItComes(
  tree: SourceTree,
  entry: FileEntry,
  head: ZipEntry,
): AsyncGenerator<Uint8Array, ZipEntry> {
  const begun = { ...head, deflated: true, described: true, large: entry.size >= nearMost32 };
  yield localHead(begun);
  let [crc, size, packed] = [0, 0, 0];
  const counted = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of tree.read(entry)) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      yield chunk;
    }
    if (size !== entry.size) throw otherSize(entry);
  };
  const source = Readable.from(counted(), { objectMode: false });
  const deflate = createDeflateRaw({ chunkSize: 64 * 1024 });
  source.once('error', (error) => deflate.destroy(error));
  source.pipe(deflate);
  try {
    for await (const chunk of deflate as AsyncIterable<Buffer>) {
      packed += chunk.length;
      yield chunk;
    }
  } finally {
    source.destroy();
  }
  const ended = { ...begun, crc, size, packed };
  yield descriptor(ended);
  return ended;
}

function otherSize({ path }: FileEntry): DomainError {
  return new DomainError('checkpoint_broken', 'unavailable', {
    message: `"${path.slice(0, 300)}" has another size than its checkpoint names. Restore the blob store from a backup.`,
  });
}

function checkName(entry: ManifestEntry): void {
  const why = entry.raw
    ? 'its name is not UTF-8'
    : entry.path.includes('\\')
      ? 'a backslash is a folder to other systems'
      : /^[A-Za-z]:/.test(entry.path)
        ? 'it begins like a drive'
        : Buffer.byteLength(entry.path) > longestName
          ? 'it is too long'
          : null;
  if (why === null) return;
  throw new DomainError('export_path', 'conflict', {
    message: `"${entry.path.slice(0, 300)}" cannot be in a ZIP: ${why}. Ask for it to be renamed, then verify and approve again.`,
  });
}

/** Two bytes say how long it is, with the slash of a folder. */
const longestName = 65_534;
