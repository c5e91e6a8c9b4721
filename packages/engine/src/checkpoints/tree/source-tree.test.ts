import { hash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobStore } from '@devfactory/kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listTree } from '../../../test/list-tree.ts';
import { numbered, put, Stage } from '../../../test/stage.ts';
import { fillSource, makeCheckpoint, openSourceTree } from '../index.ts';
import { treeHash } from './source-tree.ts';

let stage: Stage;
let blobs: BlobStore;
let keep: ReturnType<typeof numbered>;
beforeEach(() => {
  stage = new Stage();
  blobs = stage.blobs;
  keep = numbered(makeCheckpoint, blobs);
});
afterEach(() => stage.dispose());

describe('the source tree', () => {
  test('is what git would carry: no .git, nothing ignored, no caches, no empty folders, plain modes', async () => {
    const { root, workspace } = stage.open('a');
    put(root, '.gitignore', '*.log\nbuild/\n/only-here\n');
    put(root, 'a.log');
    put(root, 'build/out.js');
    put(root, 'only-here');
    put(root, 'deep/only-here');
    put(root, 'deep/.gitignore', '!keep.log\nlocal\n');
    put(root, 'deep/keep.log');
    put(root, 'deep/local');
    put(root, 'deep/.git/HEAD');
    put(root, '.git/HEAD');
    put(root, 'pkg/__pycache__/a.pyc');
    put(root, 'run.sh');
    chmodSync(join(root, 'run.sh'), 0o711);
    chmodSync(join(root, 'deep/keep.log'), 0o600);
    symlinkSync('run.sh', join(root, 'link'));
    mkdirSync(join(root, 'hollow'));
    const checkpoint = await keep(workspace, 0);
    const tree = await openSourceTree(blobs, checkpoint);
    expect(tree.entries.map(({ path }) => path)).toEqual([
      '.gitignore',
      'deep/.gitignore',
      'deep/keep.log',
      'deep/only-here',
      'link',
      'run.sh',
    ]);
    expect(tree.entries.find(({ path }) => path === 'run.sh')).toMatchObject({ mode: 0o755 });
    expect(tree.entries.find(({ path }) => path === 'deep/keep.log')).toMatchObject({ mode: 0o644 });
    expect(tree.hash).toBe(checkpoint.tree);
    const fresh = stage.open('b');
    await fillSource({ workspace: fresh.workspace, blobs }, checkpoint);
    const again = await keep(fresh.workspace, 1);
    expect(again.tree).toBe(checkpoint.tree);
    expect(listTree(fresh.root).map(({ path }) => path)).toEqual([
      '.gitignore',
      'deep',
      'deep/.gitignore',
      'deep/keep.log',
      'deep/only-here',
      'link',
      'run.sh',
    ]);
  });

  test('has a hash that mtimes and ignored files do not move, and that one changed bit does', async () => {
    const { root, workspace } = stage.open('a');
    put(root, '.gitignore', 'noise\n');
    put(root, 'code.js', 'x');
    const first = await keep(workspace, 0);
    put(root, 'noise');
    utimesSync(join(root, 'code.js'), 5, 5);
    const second = await keep(workspace, 1, first);
    expect(second.tree).toBe(first.tree);
    chmodSync(join(root, 'code.js'), 0o755);
    expect((await keep(workspace, 2, second)).tree).not.toBe(first.tree);
  });

  test('keeps the hash it always had', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'a.txt', 'hello\n');
    put(root, 'bin/run', '#!/bin/sh\n');
    chmodSync(join(root, 'bin/run'), 0o755);
    symlinkSync('a.txt', join(root, 'link'));
    expect((await keep(workspace, 0)).tree).toBe('fc061f87744187224761cfaeb5c1785f630e3b18bef9b276301e9b9aefb5afeb');
  });
});

test('has a name that whoever holds a delivery can work out', () => {
  const file = (path: string, text: string, mode: number) => {
    return { type: 'file' as const, path, mode, size: text.length, object: hash('sha256', text, 'hex'), mtimeMs: 0 };
  };
  const link = { type: 'symlink' as const, path: 'link', target: 'a.txt' };
  // devfactory verify-delivery works out the same.
  expect(treeHash([file('a.txt', 'a', 0o644), file('deep/run', '#!', 0o755), link])).toBe(
    '3dde95c84b1fbc61878358588fffe5bb4d35e31a86f53b38ed4972c57c564114',
  );
});
