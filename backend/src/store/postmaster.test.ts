import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { orphansEnded } from './postmaster.ts';

test('a directory is free only after the last process of a killed database has left it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'orphans-'));
  // A process by that name in that place is what a killed postmaster leaves for a moment.
  const program = join(directory, 'postgres');
  await copyFile('/bin/sleep', program);
  const orphan = spawn(program, ['60'], { cwd: directory, stdio: 'ignore' });
  await once(orphan, 'spawn');
  try {
    expect(await orphansEnded(directory, 200)).toBe(false);
    const ended = orphansEnded(directory, 20_000);
    orphan.kill('SIGKILL');
    expect(await ended).toBe(true);
  } finally {
    orphan.kill('SIGKILL');
    await rm(directory, { recursive: true });
  }
});
