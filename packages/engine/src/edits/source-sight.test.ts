import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '@devfactory/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nextTick, numbered, put, Stage, type OpenFolder } from '../../test/stage.ts';
import { makeCheckpoint } from '../checkpoints/index.ts';
import { SourceSight } from './source-sight.ts';

let stage: Stage;
let folder: OpenFolder;
let head: Checkpoint;
let sight: SourceSight;
let keep: (number: number) => Promise<void>;
beforeEach(async () => {
  stage = new Stage();
  folder = stage.open('w');
  const numberedKeep = numbered(makeCheckpoint, stage.blobs);
  keep = async (number) => {
    head = await numberedKeep(folder.workspace, number, number === 0 ? null : head);
  };
  put(folder.root, '.gitignore', 'dist/\n*.log\n');
  put(folder.root, 'src/app.py', 'a\nb\nc\n');
  put(folder.root, 'old.txt', 'old\n');
  await nextTick(folder.root);
  await keep(0);
  sight = await SourceSight.open({ workspace: () => folder.workspace, blobs: stage.blobs, head: async () => head });
  await nextTick(folder.root);
});
afterEach(() => stage.dispose());

test('what changed is told once, with its lines and what it was in the checkpoint', async () => {
  expect(await sight.changes()).toEqual([]);
  put(folder.root, 'src/app.py', 'a\nB\nc\n');
  put(folder.root, 'new.txt', 'new\n');
  rmSync(join(folder.root, 'old.txt'));
  symlinkSync('/etc/passwd', join(folder.root, 'link'));
  expect(await sight.changes()).toMatchObject([
    { path: 'link', change: 'added', bytes: 11 },
    { path: 'new.txt', change: 'added', excerpt: expect.stringMatching(/\n\+new\n$/) },
    { path: 'old.txt', change: 'removed', excerpt: expect.stringMatching(/\n-old\n$/), after: null },
    { path: 'src/app.py', change: 'modified', lines: [{ from: 2, to: 2 }], excerpt: '@@ -2,1 +2,1 @@\n-b\n+B\n' },
  ]);
  expect(await sight.changes()).toEqual([]);
});

test('what was taken is nobody’s edit, and what changes after it is told against it', async () => {
  put(folder.root, 'src/app.py', 'by the agent\n');
  put(folder.root, 'src/other.py', 'by a person\n');
  await sight.take(['src/app.py']);
  expect(await sight.changes()).toMatchObject([{ path: 'src/other.py', change: 'added' }]);
  await nextTick(folder.root);
  put(folder.root, 'src/app.py', 'by the agent\nand a person\n');
  await keep(1);
  expect(await sight.changes()).toMatchObject([
    { path: 'src/app.py', change: 'modified', additions: 1, deletions: 0, lines: [{ from: 2, to: 2 }] },
  ]);
  put(folder.root, 'a', 'x');
  await sight.take(null);
  expect(await sight.changes()).toEqual([]);
});

test('what is held back is told later, and a folder holds back all that is in it', async () => {
  put(folder.root, 'src/app.py', 'x\n');
  expect(await sight.changes(['src'])).toEqual([]);
  expect(await sight.changes(['sr'])).toMatchObject([{ path: 'src/app.py' }]);
});

test('ignored files, .git and a file that was only touched are no edits', async () => {
  put(folder.root, 'dist/out.js');
  put(folder.root, 'x.log');
  put(folder.root, '.git/index');
  utimesSync(join(folder.root, 'old.txt'), 1_000_000, 1_000_000);
  mkdirSync(join(folder.root, 'empty'));
  expect(await sight.changes()).toEqual([]);
});

test('a move is seen as a removal and an addition, and a huge file by its size alone', async () => {
  renameSync(join(folder.root, 'old.txt'), join(folder.root, 'moved.txt'));
  put(folder.root, 'huge.bin', Buffer.alloc(25_000_000));
  expect(await sight.changes()).toMatchObject([
    { path: 'huge.bin', change: 'added', bytes: 25_000_000, after: null, lines: [] },
    { path: 'moved.txt', change: 'added' },
    { path: 'old.txt', change: 'removed' },
  ]);
  appendFileSync(join(folder.root, 'huge.bin'), 'x');
  expect(await sight.changes()).toMatchObject([
    { path: 'huge.bin', change: 'modified', before: null, bytes: 25_000_001 },
  ]);
});

test('hundreds of changes at once are told by the folder that has them', async () => {
  for (let n = 0; n < 150; n++) put(folder.root, `src/many/f${n}.txt`);
  const found = await sight.changes();
  expect(found).toHaveLength(101);
  expect(found.at(-1)).toMatchObject({ path: 'src/many', excerpt: '50 more files changed.' });
});
