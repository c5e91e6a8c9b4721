import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Unpacks a ZIP with a program that is not ours, into a folder that is removed afterwards. */
export async function unpacked<T>(zip: string, look: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'devfactory-unzip-'));
  try {
    await run('python3', ['-m', 'zipfile', '-e', zip, folder]);
    return await look(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A ZIP with these files, made by a program that is not ours. */
export async function zipped(files: Readonly<Record<string, string>>): Promise<Blob> {
  const folder = await mkdtemp(join(tmpdir(), 'devfactory-zip-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const zip = join(folder, 'made.zip');
    await run('python3', ['-m', 'zipfile', '-c', zip, ...Object.keys(files)], { cwd: folder });
    return new Blob([await readFile(zip)], { type: 'application/zip' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
