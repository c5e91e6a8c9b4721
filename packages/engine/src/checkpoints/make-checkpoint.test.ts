import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobStore, Workspace } from '@devfactory/kit';
import { createMemoryBlobStore } from '@devfactory/kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listTree } from '../../test/list-tree.ts';
import { nextTick, numbered, put, Stage } from '../../test/stage.ts';
import { loadManifest, makeCheckpoint, openSourceTree, restoreCheckpoint } from './index.ts';

let stage: Stage;
let blobs: BlobStore;
let keep: ReturnType<typeof numbered>;
beforeEach(() => {
  stage = new Stage();
  blobs = stage.blobs;
  keep = numbered(makeCheckpoint, blobs);
});
afterEach(() => stage.dispose());

/** A workspace whose calls of readMany are noted. */
function noting(workspace: Workspace): { readonly workspace: Workspace; readonly read: string[] } {
  const read: string[] = [];
  const files: Workspace['files'] = {
    ...workspace.files,
    readMany: (paths) => {
      read.push(...paths.map(({ path }) => path));
      return workspace.files.readMany(paths);
    },
  };
  return { workspace: { ...workspace, files }, read };
}

describe('a checkpoint', () => {
  test('brings back an odd folder elsewhere, from blobs alone', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'crlf.txt', 'a\r\nb\r\n');
    put(root, '.gitignore', 'ignored\nnested/*.log\n');
    put(root, 'ignored/secret.env', 'A=1');
    put(root, 'sub/.git/config', '[core]');
    put(root, 'big.bin', Buffer.alloc(3_000_000, 'xyz'));
    put(root, 'empty', '');
    put(root, 'run.sh', '#!/bin/sh');
    chmodSync(join(root, 'run.sh'), 0o750);
    mkdirSync(join(root, 'hollow/hole'), { recursive: true });
    chmodSync(join(root, 'hollow'), 0o555);
    symlinkSync('/etc/passwd', join(root, 'outward'));
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync('nowhere', join(root, 'dangling'));
    put(root, 'päth/日本/a b\n.txt');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/raw-`), Buffer.from([0xff, 0xfe])]), 'raw');
    put(root, 'base64:AA==', 'not raw at all');
    utimesSync(join(root, 'empty'), 1_000_000, 1_000_000.25);
    const checkpoint = await keep(workspace, 0);
    const other = stage.open('b');
    await restoreCheckpoint({ workspace: other.workspace, blobs }, { target: checkpoint, before: null });
    expect(listTree(other.root)).toEqual(listTree(root));
    expect(execFileSync('diff', ['-r', '--no-dereference', root, other.root]).toString()).toBe('');
    expect(checkpoint).toMatchObject({ torn: false, leftOut: [] });
  });

  test('lists what it cannot keep, with the reason, and leaves caches alone', async () => {
    const { root, workspace } = stage.open('a');
    execFileSync('mkfifo', [join(root, 'pipe')]);
    put(root, 'package.json', '{}');
    put(root, 'node_modules/left/index.js');
    const checkpoint = await keep(workspace, 0);
    expect(checkpoint.leftOut).toEqual(['node_modules', 'pipe (FIFO, socket or device)']);
    put(root, 'later.txt');
    const before = await keep(workspace, 1, checkpoint);
    await restoreCheckpoint({ workspace, blobs }, { target: checkpoint, before });
    expect(listTree(root).map(({ path }) => path)).toEqual([
      'node_modules',
      'node_modules/left',
      'node_modules/left/index.js',
      'package.json',
      'pipe',
    ]);
  });

  test('does not bring back setuid', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'tool');
    chmodSync(join(root, 'tool'), 0o4755);
    const checkpoint = await keep(workspace, 0);
    const other = stage.open('b');
    await restoreCheckpoint({ workspace: other.workspace, blobs }, { target: checkpoint, before: null });
    expect(listTree(other.root)).toMatchObject([{ path: 'tool', mode: '755' }]);
  });

  test('reads only what changed, in another process too', async () => {
    const { root, workspace } = stage.open('a');
    for (const name of ['one', 'two', 'three']) put(root, name);
    await nextTick(root);
    const first = await keep(workspace, 0);
    put(root, 'two', 'changed');
    await nextTick(root);
    // As another process would find them: nothing remembered, only blobs.
    keep = numbered(makeCheckpoint, createMemoryBlobStore(blobs));
    const seen = noting(workspace);
    const second = await keep(seen.workspace, 1, first);
    expect(seen.read).toEqual(['two']);
    expect(second.changed).toEqual({ added: 0, modified: 1, removed: 0 });
    expect((await keep(seen.workspace, 2, second)).changed).toEqual({ added: 0, modified: 0, removed: 0 });
    expect(seen.read).toEqual(['two']);
  });

  test('sees a change that keeps size and mtime', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'file', 'before');
    utimesSync(join(root, 'file'), 1000, 1000);
    const first = await keep(workspace, 0);
    put(root, 'file', 'after!');
    utimesSync(join(root, 'file'), 1000, 1000);
    expect((await keep(workspace, 1, first)).changed.modified).toBe(1);
  });

  test('reads once more what had only just changed, since its stamp proves nothing yet', async () => {
    const { root, workspace } = stage.open('a');
    for (let time = 0; time < 20; time += 1) {
      put(root, 'file', 'first!');
      const first = await keep(workspace, 0);
      put(root, 'file', 'second');
      const second = await keep(workspace, 1, first);
      const [entry] = (await openSourceTree(blobs, second)).entries;
      expect(entry).toMatchObject({ object: hash('sha256', 'second', 'hex') });
    }
  });

  test('is torn when a file never holds still, and keeps it all the same', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'busy.log');
    put(root, 'calm');
    const files: Workspace['files'] = {
      ...workspace.files,
      walk: () => {
        appendFileSync(join(root, 'busy.log'), 'more');
        return workspace.files.walk();
      },
      readMany: (paths) => {
        appendFileSync(join(root, 'busy.log'), 'more');
        return workspace.files.readMany(paths);
      },
    };
    const checkpoint = await keep({ ...workspace, files }, 0);
    expect(checkpoint).toMatchObject({ torn: true, files: 2 });
    const settled = await keep(workspace, 1, checkpoint);
    expect(settled.torn).toBe(false);
  });

  test('reads again what changed once while it was read', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'file', 'first');
    let touched = false;
    const files: Workspace['files'] = {
      ...workspace.files,
      readMany: (paths) => {
        if (!touched) put(root, 'file', 'second');
        touched = true;
        return workspace.files.readMany(paths);
      },
    };
    const checkpoint = await keep({ ...workspace, files }, 0);
    expect(checkpoint.torn).toBe(false);
    const tree = await openSourceTree(blobs, checkpoint);
    expect(tree.entries).toMatchObject([{ path: 'file', size: 6 }]);
  });

  test('fits into an event however much was left out', async () => {
    const { workspace } = stage.open('a');
    const leftOut = Array.from({ length: 2000 }, (_, index) => `${'ü'.repeat(200)}/${index}/node_modules`);
    const files = { ...workspace.files, walk: async () => ({ entries: [], leftOut }) };
    const checkpoint = await keep({ ...workspace, files }, 0);
    expect(Buffer.byteLength(JSON.stringify(checkpoint))).toBeLessThan(10_000);
    expect((await loadManifest(blobs, checkpoint)).leftOut).toHaveLength(2000);
  });

  test('believes no list of files that could lead elsewhere', async () => {
    const { workspace } = stage.open('a');
    const file = {
      raw: false,
      type: 'file' as const,
      mode: 0o644,
      size: 0,
      mtimeMs: 0,
      stamp: '1',
      target: null,
      unreadable: null,
    };
    const link = { ...file, type: 'symlink' as const, target: '/etc' };
    const lies = [
      [{ ...file, path: '../x' }],
      [{ ...file, path: '/etc/x' }],
      [{ ...file, path: 'a//b' }],
      [
        { ...file, path: 'x' },
        { ...file, path: 'x' },
      ],
      [
        { ...link, path: 'l' },
        { ...file, path: 'l/passwd' },
      ],
      [{ ...file, path: 'no-folder/x' }],
      [{ ...file, path: Buffer.from('x').toString('base64'), raw: true }],
    ];
    for (const entries of lies) {
      const files = { ...workspace.files, walk: async () => ({ entries, leftOut: [] }) };
      await expect(keep({ ...workspace, files }, 0)).rejects.toMatchObject({ code: 'workspace_untrusted' });
    }
  });
});

test('the same workspace gives the same manifest again', async () => {
  const { root, workspace } = stage.open('a');
  put(root, 'a');
  await nextTick(root);
  const first = await keep(workspace, 0);
  expect(await keep(workspace, 1, first)).toMatchObject({
    manifest: first.manifest,
    packs: [],
    tree: first.tree,
  });
});
