import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
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
