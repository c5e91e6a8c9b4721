import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '@devfactory/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listTree } from '../../test/list-tree.ts';
import { forge, forgeDirectory, makeZip, writeZip, type ZipMember } from '../../test/make-zip.ts';
import { Stage } from '../../test/stage.ts';
import { importZip, inspectZip } from './import-zip.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.dispose());

const place = (zip: Buffer): string => writeZip(join(stage.directory, 'source.zip'), zip);

test('a ZIP comes in with its files, modes, links and empty folders', async () => {
  const zip = await makeZip([
    { path: 'README.md', content: '# Hi' },
    { path: 'bin/run', content: '#!/bin/sh', mode: 0o100755 },
    { path: 'link', content: 'bin/run', mode: 0o120777 },
    { path: 'deep/er/up', content: '../../README.md', mode: 0o120777 },
    { path: 'empty/hole/', mode: 0o040755 },
    { path: 'größe.bin', content: Buffer.from([0, 255, 13, 10]) },
    { path: 'suid', content: 'x', mode: 0o104755 },
  ]);
  expect(await inspectZip(place(zip))).toEqual({ files: 6, bytes: 4 + 9 + 7 + 15 + 4 + 1 });
  const { root, workspace } = stage.open('a');
  await importZip(workspace, place(zip));
  expect(listTree(root).map(({ path, mode }) => [Buffer.from(path, 'latin1').toString(), mode])).toEqual([
    ['README.md', '644'],
    ['bin', '755'],
    ['bin/run', '755'],
    ['deep', '755'],
    ['deep/er', '755'],
    ['deep/er/up', 'link'],
    ['empty', '755'],
    ['empty/hole', '755'],
    ['größe.bin', '644'],
    ['link', 'link'],
    ['suid', '755'],
  ]);
});

test('small, large, stored and packed files are unpacked alike', async () => {
  const content = (size: number): Buffer => Buffer.concat([randomBytes(size / 2), Buffer.alloc(size / 2)]);
  const members = [0, 2, 4096, 200_000, 400_000, 3_000_000].flatMap((size) =>
    [true, false].map((compress) => ({ path: `f${size}-${compress}`, content: content(size), compress })),
  );
  const { root, workspace } = stage.open('a');
  const path = place(await makeZip(members));
  expect(await inspectZip(path)).toMatchObject({ files: members.length });
  await importZip(workspace, path);
  for (const each of members) expect(readFileSync(join(root, each.path)).equals(each.content)).toBe(true);
});

test('folders count as a checkpoint counts them, also those that only files name', async () => {
  // A file and the hundred folders that it lies in.
  const deep = (files: number): Promise<Buffer> =>
    makeZip(Array.from({ length: files }, (_, at) => ({ path: `${at}/${'a/'.repeat(99)}x`, content: '' })));
  const most = Math.floor(limits.sourceFiles / 101);
  expect(await inspectZip(place(await deep(most)))).toMatchObject({ files: most });
  await expect(inspectZip(place(await deep(most + 1)))).rejects.toMatchObject({
    code: 'zip_too_large',
    message: expect.stringContaining('files and folders'),
  });
});

test('a ZIP from a system without modes gets plain ones', async () => {
  const zip = forgeDirectory(await makeZip([{ path: 'a/b.txt', content: 'b' }]), 38, 0);
  const { root, workspace } = stage.open('a');
  await importZip(workspace, place(zip));
  expect(listTree(root)).toMatchObject([
    { path: 'a', mode: '755' },
    { path: 'a/b.txt', mode: '644' },
  ]);
});

describe('a ZIP is refused as a whole', () => {
  const link = (path: string, target: string): ZipMember => ({ path, content: target, mode: 0o120777 });
  const file = (path: string): ZipMember => ({ path, content: 'x' });
  const bad: readonly (readonly [string, string, () => Promise<Buffer>])[] = [
    ['that climbs out', 'zip_slip', async () => forge(await makeZip([file('AA/evil.txt')]), 'AA/evil', '../evil')],
    ['with an absolute name', 'zip_slip', async () => forge(await makeZip([file('Aetc/passwd')]), 'Aetc', '/etc')],
    ['with a drive', 'zip_slip', async () => forge(await makeZip([file('A_/evil')]), 'A_/', 'C:/')],
    [
      'that climbs out with backslashes',
      'zip_slip',
      async () => forge(await makeZip([file('AAAevil.txt')]), 'AAAevil', '..\\evil'),
    ],
    ['with NUL in a name', 'zip_slip', async () => forge(await makeZip([file('evilA.txt')]), 'evilA', 'evil\0')],
    ['that names a file twice', 'zip_duplicate', () => makeZip([file('a'), file('b'), file('a')])],
    [
      'that names a file twice in other words',
      'zip_duplicate',
      async () => forge(await makeZip([file('dir/a'), file('dir/A/a')]), 'dir/A/a', 'dir/./a'),
    ],
    ['with a link that leads out', 'zip_symlink', () => makeZip([link('a/out', '../../etc/passwd')])],
    ['with an absolute link', 'zip_symlink', () => makeZip([link('out', '/etc/passwd')])],
    ['with a link out and back', 'zip_symlink', () => makeZip([link('a', '../x/a')])],
    [
      'that writes through a link',
      'zip_slip',
      () => makeZip([{ path: 'd/', mode: 0o040755 }, link('l', 'd'), file('l/x')]),
    ],
    ['with something below a file', 'zip_slip', () => makeZip([file('f'), file('f/x')])],
    ['with a device', 'zip_special', () => makeZip([{ path: 'null', mode: 0o020666 }])],
    [
      'that lies about its sizes to grow without end',
      'zip_bomb',
      async () => forgeDirectory(await makeZip([file('a')]), 24, 0xfffffff0),
    ],
    [
      'whose entries share their bytes',
      'zip_bomb',
      async () => forgeDirectory(await makeZip([{ path: 'a', content: randomBytes(1000) }]), 20, 100_000),
    ],
    ['that is no ZIP', 'zip_invalid', async () => Buffer.from('hello, I am a text file')],
    ['that is empty', 'zip_invalid', async () => Buffer.alloc(0)],
    ['that was cut off', 'zip_invalid', async () => (await makeZip([file('a'), file('b')])).subarray(0, 100)],
  ];

  test.each(bad)('%s', async (_, code, make) => {
    const path = place(await make());
    await expect(inspectZip(path)).rejects.toMatchObject({ code });
    const { root, workspace } = stage.open('a');
    await expect(importZip(workspace, path)).rejects.toMatchObject({ code });
    expect(listTree(root)).toEqual([]);
  });

  test.each([
    ['size', 24, 3],
    ['checksum', 16, 12_345],
  ])('whose %s does not fit is refused, looked at or unpacked', async (_, offset, value) => {
    const zip = forgeDirectory(await makeZip([{ path: 'a', content: 'some more bytes than three' }]), offset, value);
    const refusal = { code: 'zip_invalid', message: expect.stringContaining('"a"') };
    await expect(inspectZip(place(zip))).rejects.toMatchObject(refusal);
    await expect(importZip(stage.open('a').workspace, place(zip))).rejects.toMatchObject(refusal);
  });

  test('that does not exist is a fault of ours, not of the ZIP', async () => {
    await expect(inspectZip(join(stage.directory, 'nowhere.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
