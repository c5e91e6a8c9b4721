import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import { CliError } from '../failure.ts';
import type { HashedEntry } from './tree-hash.ts';

/** What a ZIP holds, entry by entry; nothing is unpacked. Throws CliError for what is no ZIP, or not as a delivery writes it. */
export async function readZip(path: string): Promise<readonly HashedEntry[]> {
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: true });
    const entries: HashedEntry[] = [];
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      const mode = entry.externalFileAttributes >>> 16;
      const bytes = await zip.openReadStreamPromise(entry);
      const name = Buffer.from(entry.fileName);
      if ((mode & 0o170000) === 0o120000)
        entries.push({ path: name, mode: '120000', object: hash('sha256', await buffer(bytes), 'hex') });
      else entries.push({ path: name, mode: mode & 0o100 ? '100755' : '100644', object: await digestOf(bytes) });
    }
    return entries;
  } catch (error) {
    throw new CliError(`${path} cannot be read as a ZIP: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** What a folder holds: an unpacked ZIP or a clone, whose .git does not count. Links are not followed. */
export async function readFolder(root: string): Promise<readonly HashedEntry[]> {
  const entries: HashedEntry[] = [];
  const slash = Buffer.from('/');
  const walk = async (prefix: Buffer): Promise<void> => {
    const folder = Buffer.concat([Buffer.from(`${root}/`), prefix]);
    for (const name of await readdir(folder, { encoding: 'buffer' })) {
      if (name.equals(Buffer.from('.git'))) continue;
      const path = prefix.length === 0 ? name : Buffer.concat([prefix, slash, name]);
      const full = Buffer.concat([Buffer.from(`${root}/`), path]);
      const stats = await lstat(full);
      if (stats.isDirectory()) await walk(path);
      else if (stats.isSymbolicLink())
        entries.push({
          path,
          mode: '120000',
          object: hash('sha256', await readlink(full, { encoding: 'buffer' }), 'hex'),
        });
      else if (stats.isFile())
        entries.push({
          path,
          mode: stats.mode & 0o100 ? '100755' : '100644',
          object: await digestOf(createReadStream(full)),
        });
      else throw new CliError(`${path.toString()} is no file, folder or link; no delivery holds such a thing.`);
    }
  };
  await walk(Buffer.alloc(0));
  return entries;
}

async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const sha = createHash('sha256');
  for await (const chunk of bytes) sha.update(chunk);
  return sha.digest('hex');
}
