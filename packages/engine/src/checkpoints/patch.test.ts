import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobStore } from '@devfactory/kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dice, numbered, put, Stage } from '../../test/stage.ts';
import { changedPaths, filePatch, makeCheckpoint } from './index.ts';

let stage: Stage;
let blobs: BlobStore;
let keep: ReturnType<typeof numbered>;
beforeEach(() => {
  stage = new Stage();
  blobs = stage.blobs;
  keep = numbered(makeCheckpoint, blobs);
});
afterEach(() => stage.dispose());

describe('differences', () => {
  test('are told by path, with line counts and a patch', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'text.txt', 'one\ntwo\nthree\n');
    put(root, 'gone.txt', 'x\ny');
    put(root, 'bytes.bin', Buffer.from([0, 1, 2]));
    put(root, 'mode.sh', 'same');
    const from = await keep(workspace, 0);
    put(root, 'text.txt', 'one\n2\nthree\nfour\n');
    rmSync(join(root, 'gone.txt'));
    put(root, 'bytes.bin', Buffer.from([0, 1, 3]));
    put(root, 'new/file.txt', 'a\nb\n');
    chmodSync(join(root, 'mode.sh'), 0o755);
    const to = await keep(workspace, 1, from);
    expect(to.changed).toEqual({ added: 1, modified: 3, removed: 1 });
    const changes = await changedPaths(blobs, { from, to });
    expect(
      changes.map(({ path, change, binary, additions, deletions }) => [path, change, binary, additions, deletions]),
    ).toEqual([
      ['bytes.bin', 'modified', true, 0, 0],
      ['gone.txt', 'removed', false, 0, 2],
      ['mode.sh', 'modified', false, 0, 0],
      ['new/file.txt', 'added', false, 2, 0],
      ['text.txt', 'modified', false, 2, 1],
    ]);
    const patch = await filePatch(blobs, { from, to, path: 'text.txt' });
    expect(patch.patch).toContain('--- a/text.txt');
    expect(patch.patch).toContain('@@ -1,3 +1,4 @@\n one\n-two\n+2\n three\n+four\n');
    expect((await filePatch(blobs, { from, to, path: 'new/file.txt' })).patch).toContain('--- /dev/null');
    expect((await filePatch(blobs, { from, to, path: 'mode.sh' })).patch).toContain(
      'old mode 100644\nnew mode 100755\n',
    );
    expect(await filePatch(blobs, { from, to, path: 'bytes.bin' })).toEqual({
      path: 'bytes.bin',
      patch: null,
      binary: true,
      truncated: false,
    });
    await expect(filePatch(blobs, { from, to, path: 'nope' })).rejects.toMatchObject({ code: 'file_missing' });
  });

  test('of files that are too large or too different are cut off, not waited for', async () => {
    const { root, workspace } = stage.open('a');
    const random = dice(3);
    const noise = (): string => Array.from({ length: 60_000 }, () => random(1000)).join('\n');
    put(root, 'noise', noise());
    put(root, 'large', Buffer.alloc(1_100_000, 'a'));
    const from = await keep(workspace, 0);
    put(root, 'noise', noise());
    put(root, 'large', Buffer.alloc(1_100_000, 'b'));
    const to = await keep(workspace, 1, from);
    const started = performance.now();
    expect(await filePatch(blobs, { from, to, path: 'noise' })).toMatchObject({ patch: null, truncated: true });
    expect(await filePatch(blobs, { from, to, path: 'large' })).toMatchObject({ patch: null, truncated: true });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
