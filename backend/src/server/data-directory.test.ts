import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDataDirectory, openDataDirectory } from './data-directory.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a place that takes no folders is refused at once', async () => {
  const refused = { code: 'data_dir_unusable', message: expect.stringContaining('--data-dir') };
  await expect(makeDataDirectory('/proc/x')).rejects.toMatchObject(refused);
  await expect(makeDataDirectory('/proc/x/y/z')).rejects.toMatchObject(refused);
  await writeFile(join(folder, 'file'), '');
  await expect(makeDataDirectory(join(folder, 'file', 'x'))).rejects.toMatchObject(refused);
});

test('a folder with other things in it is refused and stays as it was', async () => {
  const photos = join(folder, 'photos');
  await mkdir(photos, { mode: 0o755 });
  await writeFile(join(photos, 'a.jpg'), '');
  await expect(makeDataDirectory(photos)).rejects.toMatchObject({
    code: 'data_dir_foreign',
    kind: 'invalid',
    message: expect.stringContaining('a.jpg'),
  });
  expect(await readdir(photos)).toEqual(['a.jpg']);
  expect((await stat(photos)).mode & 0o777).toBe(0o755);
});

test('a new folder, a fresh disk, a start that was cut off and our own are taken', async () => {
  const path = join(folder, 'new', 'data');
  await makeDataDirectory(path);
  await mkdir(join(path, 'lost+found'));
  await writeFile(join(path, 'instance.lock'), '');
  await makeDataDirectory(path);
  await openDataDirectory(path);
  await writeFile(join(path, 'anything'), '');
  await makeDataDirectory(path);
});
