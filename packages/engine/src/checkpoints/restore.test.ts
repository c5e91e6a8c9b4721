import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { createMemoryBlobStore } from '@devfactory/kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listTree, type Listed } from '../../test/list-tree.ts';
import { dice, numbered, put, Stage } from '../../test/stage.ts';
import { blobsOf, loadManifest, makeCheckpoint, openSourceTree, restoreCheckpoint } from './index.ts';

let stage: Stage;
let blobs: BlobStore;
let keep: ReturnType<typeof numbered>;
beforeEach(() => {
  stage = new Stage();
  blobs = stage.blobs;
  keep = numbered(makeCheckpoint, blobs);
});
afterEach(() => stage.dispose());

describe('packs', () => {
  test('needs few packs however many steps there were, and the old ones stay readable', async () => {
    const { root, workspace } = stage.open('a');
    let last: Checkpoint | null = null;
    const all: { readonly checkpoint: Checkpoint; readonly tree: readonly Listed[] }[] = [];
    for (let step = 0; step < 150; step += 1) {
      put(root, `file-${step}`, `content ${step}`);
      last = await keep(workspace, step, last);
      all.push({ checkpoint: last, tree: listTree(root) });
      // The packs, the manifest and the one that it is told against.
      expect((await blobsOf(blobs, last)).length).toBeLessThanOrEqual(130);
    }
    for (const number of [0, 12, 127, 128, 129, 149]) {
      const other = stage.open(`restored-${number}`);
      await restoreCheckpoint({ workspace: other.workspace, blobs }, { target: all[number]!.checkpoint, before: null });
      expect(listTree(other.root)).toEqual(all[number]!.tree);
    }
  });

  test('names what a lost pack breaks, and the next checkpoint is whole again', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'kept.txt', 'kept');
    const checkpoint = await keep(workspace, 3);
    const [pack = ''] = checkpoint.packs;
    await blobs.remove(pack);
    const other = stage.open('b');
    const loss = restoreCheckpoint({ workspace: other.workspace, blobs }, { target: checkpoint, before: null });
    await expect(loss).rejects.toMatchObject({
      code: 'checkpoint_broken',
      message: expect.stringMatching(`ck-3.*kept\\.txt.*${pack} is missing`),
    });
    const next = await keep(workspace, 4, checkpoint);
    await restoreCheckpoint({ workspace: other.workspace, blobs }, { target: next, before: null });
    expect(listTree(other.root)).toEqual(listTree(root));
  });

  test('that are lost stop a restore before it changes anything', async () => {
    const { root, workspace } = stage.open('a');
    put(root, 'one', '1');
    const checkpoint = await keep(workspace, 0);
    put(root, 'one', '2');
    put(root, 'two', '2');
    const before = await keep(workspace, 1, checkpoint);
    for (const pack of checkpoint.packs) await blobs.remove(pack);
    await expect(restoreCheckpoint({ workspace, blobs }, { target: checkpoint, before })).rejects.toMatchObject({
      code: 'checkpoint_broken',
    });
    expect(listTree(root).map(({ path }) => path)).toEqual(['one', 'two']);
  });

  test('names itself when its manifest is lost', async () => {
    const checkpoint = await keep(stage.open('a').workspace, 0);
    await blobs.remove(checkpoint.manifest);
    await expect(loadManifest(createMemoryBlobStore(blobs), checkpoint)).rejects.toMatchObject({
      code: 'checkpoint_broken',
      message: expect.stringContaining('ck-0'),
    });
  });

  test('of nothing at all is a checkpoint too', async () => {
    const checkpoint = await keep(stage.open('a').workspace, 0);
    expect(checkpoint).toMatchObject({ files: 0, bytes: 0, packs: [] });
    expect((await openSourceTree(blobs, checkpoint)).entries).toEqual([]);
    expect(await blobsOf(blobs, checkpoint)).toEqual([checkpoint.manifest]);
  });
});

test('any row of edits and restores gives back each checkpoint byte for byte', async () => {
  const { root, workspace } = stage.open('a');
  const random = dice(42);
  const all: { readonly checkpoint: Checkpoint; readonly tree: readonly Listed[] }[] = [];
  const restored: { readonly is: readonly Listed[]; readonly was: readonly Listed[] }[] = [];
  let last: Checkpoint | null = null;
  for (let step = 0; step < 80; step += 1) {
    if (step > 3 && random(4) === 0) {
      const target = all[random(all.length)]!;
      const before = await keep(workspace, 1000 + step, last);
      await restoreCheckpoint({ workspace, blobs }, { target: target.checkpoint, before });
      restored.push({ is: listTree(root), was: target.tree });
      last = target.checkpoint;
      continue;
    }
    for (let edit = 0; edit < 5; edit += 1) editSomething(root, random);
    last = await keep(workspace, step, last);
    all.push({ checkpoint: last, tree: listTree(root) });
    // As another process reads it, which remembers nothing: told as a difference or whole, it is the same manifest.
    expect(await loadManifest(createMemoryBlobStore(blobs), last)).toEqual(await loadManifest(blobs, last));
    if (random(10) === 0) keep = numbered(makeCheckpoint, (blobs = createMemoryBlobStore(blobs)));
  }
  expect(restored.length).toBeGreaterThan(5);
  for (const { is, was } of restored) expect(is).toEqual(was);
});

/** Files become folders, folders links, modes change, things move and go. */
function editSomething(root: string, random: (sides: number) => number): void {
  const name = join(root, `${'abc'[random(3)]!}${random(2) === 0 ? '' : `/${'xyz'[random(3)]!}`}`);
  const clear = (): void => rmSync(name, { recursive: true, force: true });
  try {
    const edits = [
      (): void => writeFileSync(name, `text ${random(1000)}`),
      (): void => appendFileSync(name, Buffer.alloc(random(5000), random(256))),
      clear,
      (): void => void mkdirSync(name, { recursive: true }),
      (): void => {
        clear();
        symlinkSync('abc'[random(3)]!, name);
      },
      (): void => {
        clear();
        mkdirSync(name, { recursive: true });
      },
      (): void => {
        clear();
        writeFileSync(name, '');
      },
      (): void => chmodSync(name, [0o600, 0o755, 0o644, 0o700][random(4)]!),
      (): void => renameSync(name, join(root, 'xyz'[random(3)]!)),
    ];
    edits[random(edits.length)]!();
  } catch {
    // Not every edit fits what is there; the dice go on.
  }
}
