import { constants, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { limits } from '@devfactory/contracts';
import { ZipFile } from 'yazl';
import { UsageError } from '../failure.ts';
import { walkFolder, type FolderEntry } from './walk-folder.ts';

const kindBits = { file: 0o100000, directory: 0o040000, symlink: 0o120000 };
/** What a ZIP's clock can say. */
const clock = { least: Date.UTC(1980, 0, 2), most: Date.UTC(2107, 11, 30) };

/**
 * Packs a folder into a ZIP at `zipPath`: every file with its mode, links as links, empty folders too. Throws UsageError that names
 * each path which cannot be sent.
 */
export async function packFolder(folder: string, zipPath: string): Promise<void> {
  const { entries, problems } = await walkFolder(folder);
  if (problems.length > 0)
    throw new UsageError(
      `The folder ${folder} cannot be sent:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  if (entries.length === 0)
    throw new UsageError(`The folder ${folder} is empty; leave --source out to begin with nothing.`);
  const zip = new ZipFile();
  for (const entry of entries) addEntry(zip, folder, entry);
  zip.end();
  const failed = new Promise<never>((_, reject) => {
    zip.on('error', (error: unknown) =>
      reject(new UsageError(`The folder ${folder} changed while it was read: ${String(error)}. Try again.`)),
    );
  });
  await Promise.race([pipeline(zip.outputStream, sizeGuard(folder), createWriteStream(zipPath)), failed]);
}

function addEntry(zip: ZipFile, folder: string, entry: FolderEntry): void {
  const mtime = new Date(Math.min(clock.most, Math.max(clock.least, entry.mtime.getTime())));
  const options = { mtime, mode: kindBits[entry.type] | entry.mode };
  if (entry.type === 'directory') zip.addEmptyDirectory(entry.path, options);
  else if (entry.type === 'symlink')
    zip.addBuffer(Buffer.from(entry.target), entry.path, { ...options, compress: false });
  else {
    // Neither followed nor waited for, should a link or FIFO have taken its place.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    zip.addReadStreamLazy(entry.path, options, (give) => {
      open(join(folder, entry.path), flags).then(
        (file) => give(null, file.createReadStream()),
        (error: unknown) => zip.emit('error', error),
      );
    });
  }
}

function sizeGuard(folder: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes <= limits.uploadBytes) done(null, chunk);
      else
        done(
          new UsageError(
            `The folder ${folder} is too large to send: packed it has more than ${limits.uploadBytes / 1e6} MB. Leave out what can be made again (node_modules, build folders).`,
          ),
        );
    },
  });
}
