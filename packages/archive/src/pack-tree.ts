import { Readable } from 'node:stream';
import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError, type SourceTree } from '@devfactory/kit';
import { ZipFile } from 'yazl';

/**
 * A ZIP of a tree, streamed. The same tree gives the same bytes: entries in byte order of the path, one fixed time, modes of files
 * reduced to 644 and 755. (Deflate itself may differ between builds of Node.) Symlinks stay symlinks; nothing is followed.
 * Throws export_path when a name cannot be in a ZIP: leaving it out would deliver another tree than the approved one.
 */
export async function* packTree(tree: SourceTree, signal: AbortSignal): AsyncIterable<Uint8Array> {
  signal.throwIfAborted();
  for (const entry of tree.entries) checkName(entry);
  const zip = new ZipFile();
  // The first moment that a ZIP can name. It stores local time, so this gives the same bytes in every time zone.
  const common = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };
  // What yazl cannot go on after, whoever caused it, ends the stream that we read from.
  const output = zip.outputStream as Readable;
  zip.once('error', (error: Error) => output.destroy(error));
  for (const entry of tree.entries) add(zip, entry, { ...common, tree });
  zip.end();
  // No race with a promise that lives as long as the archive: it would hold every chunk to the end.
  for await (const chunk of output as AsyncIterable<Uint8Array>) {
    signal.throwIfAborted();
    yield chunk;
  }
}

interface Adding {
  readonly tree: SourceTree;
  readonly mtime: Date;
  readonly forceDosTimestamp: boolean;
}

function add(zip: ZipFile, entry: ManifestEntry, { tree, ...common }: Adding): void {
  switch (entry.type) {
    case 'directory':
      return zip.addEmptyDirectory(entry.path, { ...common, mode: 0o040755 });
    case 'symlink':
      return zip.addBuffer(Buffer.from(entry.target), entry.path, { ...common, mode: 0o120777, compress: false });
    case 'file': {
      const mode = entry.mode & 0o100 ? 0o100755 : 0o100644;
      // Opened one after the other, when its turn has come.
      return zip.addReadStreamLazy(
        entry.path,
        { ...common, mode, size: entry.size, compress: entry.size > 0 },
        (open) => {
          const stream = Readable.from(tree.read(entry), { objectMode: false });
          // yazl does not listen to the streams that it is given.
          stream.once('error', (error) => zip.emit('error', error));
          open(null, stream);
        },
      );
    }
  }
}

function checkName(entry: ManifestEntry): void {
  const why = entry.raw
    ? 'its name is not UTF-8'
    : entry.path.includes('\\')
      ? 'a backslash is a folder to other systems'
      : /^[A-Za-z]:/.test(entry.path)
        ? 'it begins like a drive'
        : null;
  if (why === null) return;
  throw new DomainError('export_path', 'conflict', {
    message: `"${entry.path.slice(0, 300)}" cannot be in a ZIP: ${why}. Ask for it to be renamed, then verify and approve again.`,
  });
}
