import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { UsageError } from '../failure.ts';
import { packFolder } from './pack-folder.ts';
import { prepareSource } from './source.ts';

const isRoot = process.getuid?.() === 0;
let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'devfactory-cli-'));
  folder = join(base, 'source');
  await mkdir(folder);
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** name -> octal mode and content of every entry, as another program reads the ZIP. */
async function packed(): Promise<Record<string, string>> {
  const path = join(base, 'out.zip');
  await packFolder(folder, path);
  const zip = await openPromise(path);
  const found: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) {
    const mode = (entry.externalFileAttributes >>> 16).toString(8);
    const content = entry.fileName.endsWith('/')
      ? ''
      : (await buffer(await zip.openReadStreamPromise(entry))).toString();
    found[entry.fileName] = `${mode} ${content}`.trim();
  }
  return found;
}

async function complaint(): Promise<string> {
  const error = await packFolder(folder, join(base, 'out.zip')).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
}

test('everything goes in: modes, links, empty folders, hidden and odd names, old files', async () => {
  await mkdir(join(folder, 'empty'), { mode: 0o750 });
  await mkdir(join(folder, '.git'));
  await writeFile(join(folder, '.git', 'config'), 'c');
  await writeFile(join(folder, 'run.sh'), '#!', { mode: 0o755 });
  await writeFile(join(folder, 'größe 1"\n.txt'), 'u', { mode: 0o600 });
  await utimes(join(folder, 'run.sh'), 0, 0);
  await symlink('run.sh', join(folder, 'link'));
  await symlink('nowhere', join(folder, 'dangling'));
  await chmod(join(folder, 'empty'), 0o700);
  expect(await packed()).toEqual({
    '.git/': '40755',
    '.git/config': '100644 c',
    dangling: '120777 nowhere',
    'empty/': '40700',
    'größe 1"\n.txt': '100600 u',
    link: '120777 run.sh',
    'run.sh': '100755 #!',
  });
});

test('links in a circle are links, and are not walked', async () => {
  await symlink('.', join(folder, 'self'));
  await symlink('b', join(folder, 'a'));
  await symlink('a', join(folder, 'b'));
  expect(Object.keys(await packed())).toEqual(['a', 'b', 'self']);
});

test('links that leave the folder are refused, however they are written', async () => {
  await mkdir(join(folder, 'deep'));
  await symlink('/etc/passwd', join(folder, 'absolute'));
  await symlink('../../x', join(folder, 'deep', 'upwards'));
  await symlink('.', join(folder, 'deep', 'here'));
  await symlink('deep/here/here/../..', join(folder, 'over-links'));
  const message = await complaint();
  for (const name of ['absolute', 'deep/upwards', 'over-links']) expect(message).toContain(`${name} is a link to`);
  expect(message).not.toContain('deep/here is');
});

test('a FIFO and a socket are refused by name, and do not hang the walk', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const server = createServer().listen(join(folder, 'sock'));
  try {
    const message = await complaint();
    expect(message).toContain('pipe is a FIFO');
    expect(message).toContain('sock is a socket');
  } finally {
    server.close();
  }
});

test.skipIf(!isRoot)('a device is refused by name (needs root to make one)', async () => {
  execFileSync('mknod', [join(folder, 'zero'), 'c', '1', '5']);
  expect(await complaint()).toContain('zero is a device');
});

test.skipIf(isRoot)('unreadable files and folders are refused by name (root can read everything)', async () => {
  await writeFile(join(folder, 'secret'), 'x', { mode: 0o000 });
  await mkdir(join(folder, 'closed'), { mode: 0o000 });
  const message = await complaint();
  expect(message).toContain('secret cannot be read');
  expect(message).toContain('closed cannot be read');
  await chmod(join(folder, 'closed'), 0o700);
});

test('a name that is not UTF-8 is refused, as a ZIP cannot carry it', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0x66, 0xff)]), 'x');
  expect(await complaint()).toContain('not UTF-8');
});

test('an empty folder is refused', async () => {
  expect(await complaint()).toContain('is empty');
});

test('a source that is none is refused with what to do, and leaves nothing in the temporary folder', async () => {
  const before = (await readdir(tmpdir())).filter((name) => name.startsWith('devfactory-source-'));
  await writeFile(join(base, 'text.zip'), 'no');
  const refusals = {
    [join(base, 'none')]: 'no folder or ZIP',
    [join(base, 'text.zip')]: 'is no ZIP',
    [folder]: 'is empty',
    'file:///etc': 'use https',
    'git@example.org:a/b': 'https address',
    'https://me:secret@example.org/a': 'leave it out',
  };
  for (const [source, words] of Object.entries(refusals)) await expect(prepareSource(source)).rejects.toThrow(words);
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('devfactory-source-'))).toEqual(before);
});
