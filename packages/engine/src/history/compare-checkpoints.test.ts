import { chmodSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint, Comparison } from '@devfactory/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { numbered, put, Stage } from '../../test/stage.ts';
import { filePatch, makeCheckpoint } from '../checkpoints/index.ts';
import { compareCheckpoints } from './compare-checkpoints.ts';

let stage: Stage;
let root: string;
let keep: (number: number, previous?: Checkpoint | null) => Promise<Checkpoint>;
beforeEach(() => {
  stage = new Stage();
  const opened = stage.open('a');
  root = opened.root;
  const make = numbered(makeCheckpoint, stage.blobs);
  keep = (number, previous = null) => make(opened.workspace, number, previous);
});
afterEach(() => stage.dispose());

const compare = (
  from: Checkpoint,
  to: Checkpoint,
  more: Partial<Parameters<typeof compareCheckpoints>[1]> = {},
): Promise<Comparison> =>
  compareCheckpoints(stage.blobs, { from, to, scope: 'source', paths: null, offset: 0, limit: 100, ...more });
const brief = ({ changes }: Comparison): string[] =>
  changes.map(({ change, oldPath, path }) => `${change} ${oldPath ?? ''}${oldPath ? ' > ' : ''}${path}`);
const lines = (count: number, word = 'line'): string =>
  Array.from({ length: count }, (_, index) => `${word} ${index}`).join('\n');

test('what moved is told as moved: the same bytes, or most of the same lines', async () => {
  put(root, 'src/old.ts', lines(20));
  put(root, 'src/kept.bin', Buffer.from([0, 1, 2, 3]));
  put(root, 'src/other.ts', lines(20, 'other'));
  put(root, 'gone.ts', lines(20, 'gone'));
  const from = await keep(0);
  rmSync(join(root, 'gone.ts'));
  put(root, 'src/new.ts', `${lines(18)}\nand\nmore`);
  rmSync(join(root, 'src/old.ts'));
  put(root, 'lib/x', '');
  renameSync(join(root, 'src/kept.bin'), join(root, 'lib/kept.bin'));
  put(root, 'src/other.ts', lines(21, 'other'));
  const found = await compare(from, await keep(1, from));
  expect(brief(found)).toEqual([
    'removed gone.ts',
    'renamed src/kept.bin > lib/kept.bin',
    'added lib/x',
    'renamed src/old.ts > src/new.ts',
    'modified src/other.ts',
  ]);
  expect(found.totals).toMatchObject({ added: 1, modified: 1, removed: 1, renamed: 2 });
  expect(found.changes.find(({ path }) => path === 'src/new.ts')).toMatchObject({ additions: 2, deletions: 2 });
  expect(found.changes.find(({ path }) => path === 'lib/kept.bin')).toMatchObject({ binary: true, sizeAfter: 4 });
});

test('a moved file’s difference is read from its old name', async () => {
  put(root, 'old.ts', lines(20));
  const from = await keep(0);
  rmSync(join(root, 'old.ts'));
  put(root, 'new.ts', `${lines(20)}\nlast`);
  const to = await keep(1, from);
  const { patch } = await filePatch(stage.blobs, { from, to, path: 'new.ts', oldPath: 'old.ts' });
  expect(patch).toContain('--- a/old.ts');
  expect(patch?.split('\n').filter((line) => /^[+-]/.test(line))).toContain('+last');
  expect(patch).not.toContain('+line 3');
});

test('empty files and files without lines in common are no moves', async () => {
  put(root, 'a', '');
  put(root, 'b', lines(9, 'b'));
  const from = await keep(0);
  rmSync(join(root, 'a'));
  rmSync(join(root, 'b'));
  put(root, 'c', '');
  put(root, 'd', lines(9, 'd'));
  expect(brief(await compare(from, await keep(1, from)))).toEqual(['removed a', 'removed b', 'added c', 'added d']);
});

test('pages follow each other and count all of it', async () => {
  const from = await keep(0);
  for (let index = 0; index < 7; index++) put(root, `f${index}`, 'x'.repeat(index + 1));
  const to = await keep(1, from);
  const first = await compare(from, to, { limit: 3 });
  const second = await compare(from, to, { limit: 3, offset: first.next ?? 0 });
  const third = await compare(from, to, { limit: 3, offset: second.next ?? 0 });
  expect([first, second, third].flatMap(brief)).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `added f${index}`));
  expect(third.next).toBeNull();
  expect(third.totals).toMatchObject({ added: 7, bytesBefore: 0, bytesAfter: 28 });
});

test('modes, links and what is no source show where all is asked for', async () => {
  put(root, '.gitignore', 'out\n');
  put(root, 'run.sh', '#!/bin/sh\n');
  put(root, 'link', 'a file');
  const from = await keep(0);
  chmodSync(join(root, 'run.sh'), 0o755);
  rmSync(join(root, 'link'));
  symlinkSync('run.sh', join(root, 'link'));
  put(root, 'out/made');
  const to = await keep(1, from);
  expect(brief(await compare(from, to))).toEqual(['modified link', 'modified run.sh']);
  const all = await compare(from, to, { scope: 'all' });
  expect(brief(all)).toEqual(['modified link', 'added out/made', 'modified run.sh']);
  expect(all.changes.at(-1)).toMatchObject({ modeBefore: 0o644, modeAfter: 0o755, additions: 0 });
  expect(brief(await compare(from, to, { scope: 'all', paths: ['out', 'run.sh'] }))).toEqual([
    'added out/made',
    'modified run.sh',
  ]);
});

test('a file too large to be looked into says so', async () => {
  put(root, 'large', 'x\n'.repeat(600_000));
  const from = await keep(0);
  put(root, 'large', 'y\n'.repeat(600_000));
  const found = await compare(from, await keep(1, from));
  expect(found.changes).toMatchObject([{ path: 'large', binary: null, sizeBefore: 1_200_000, additions: 0 }]);
});
