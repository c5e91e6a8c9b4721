import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** Lays a ZIP into a folder with links and modes, by a reader that is not ours. For archives that the test made: it trusts their names. */
export async function unpackZip(zip: Buffer, folder: string): Promise<void> {
  const file = await fromBufferPromise(zip, { lazyEntries: true });
  for await (const entry of file.eachEntry()) {
    const path = join(folder, entry.fileName);
    const mode = entry.externalFileAttributes >>> 16;
    if (entry.fileName.endsWith('/')) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    const stream = await file.openReadStreamPromise(entry);
    if ((mode & 0o170000) === 0o120000) symlinkSync(await text(stream), path);
    else {
      writeFileSync(path, await buffer(stream));
      chmodSync(path, mode & 0o777);
    }
  }
}
