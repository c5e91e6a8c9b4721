import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { createMemoryBlobStore } from '@devfactory/kit/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listTree, type Listed } from '../../../test/list-tree.ts';
import { dice, nextTick, numbered, put, Stage, type OpenFolder } from '../../../test/stage.ts';
import { blobsOf, collectGarbage, makeCheckpoint, restoreCheckpoint, type Garbage } from '../index.ts';

let stage: Stage;
let blobs: BlobStore;
let folder: OpenFolder;
beforeEach(() => {
  stage = new Stage();
  blobs = stage.blobs;
  folder = stage.open('work');
});
afterEach(() => stage.dispose());

interface Kept {
  readonly checkpoint: Checkpoint;
  readonly tree: readonly Listed[];
}

/** Checkpoints of a few edits each, with what the workspace held. */
async function keepSome(count: number, random = dice(3)): Promise<Kept[]> {
  const keep = numbered(makeCheckpoint, blobs);
  const all: Kept[] = [];
  for (let step = 0; step < count; step += 1) {
    for (let edit = 0; edit < 4; edit += 1)
      put(folder.root, `${'abc'[random(3)]}/${random(9)}`, randomBytes(random(3000)));
    if (random(3) === 0) rmSync(join(folder.root, 'abc'[random(3)] ?? ''), { recursive: true, force: true });
    const checkpoint = await keep(folder.workspace, step, all.at(-1)?.checkpoint ?? null);
    all.push({ checkpoint, tree: listTree(folder.root) });
  }
  return all;
}

async function restored(checkpoint: Checkpoint, from: BlobStore): Promise<readonly Listed[]> {
  const other = stage.open(`restored-${randomBytes(6).toString('hex')}`);
  await restoreCheckpoint({ workspace: other.workspace, blobs: from }, { target: checkpoint, before: null });
  return listTree(other.root);
}

async function digests(): Promise<string[]> {
  const all: string[] = [];
  for await (const { digest } of blobs.list()) all.push(digest);
  return all.toSorted();
}

/** All that was stored until now is old. */
async function now(): Promise<number> {
  await nextTick(folder.root);
  return Date.now();
}

const collect = (live: readonly Kept[], before: number): Promise<Garbage> =>
  collectGarbage(blobs, { liveRoots: () => live.map(({ checkpoint }) => checkpoint), before });

test('what some checkpoints need stays, to the blob, and everything else goes', async () => {
  for (const seed of [1, 2, 3, 4]) {
    const random = dice(seed);
    const all = await keepSome(25, random);
    const live = all.filter(() => random(4) === 0);
    const single = await blobs.put(Buffer.from('an evidence log'));
    const before = await now();
    const liveRoots = () => [...live.map(({ checkpoint }) => checkpoint), { digest: single }];
    const dry = await collectGarbage(blobs, { liveRoots, before, dryRun: true });
    const done = await collectGarbage(blobs, { liveRoots, before });
    expect(done).toEqual(dry);
    expect(done.named).toHaveLength(done.removed.blobs);
    const needed = new Set([single]);
    for (const { checkpoint } of live) for (const each of await blobsOf(blobs, checkpoint)) needed.add(each);
    // What an event names stays too, though nothing of it may be needed by now.
    for (const { checkpoint } of live) for (const each of checkpoint.packs) needed.add(each);
    expect(await digests()).toEqual([...needed].toSorted());
    // As another process would: nothing remembered.
    const fresh = createMemoryBlobStore(blobs);
    for (const { checkpoint, tree } of live) expect(await restored(checkpoint, fresh)).toEqual(tree);
  }
});

test('what is not referred to yet stays, however old the same bytes were', async () => {
  const [first] = await keepSome(1);
  const forgotten = await blobs.put(Buffer.from('the same bytes'));
  const before = await now();
  expect(await blobs.put(Buffer.from('the same bytes'))).toBe(forgotten);
  const late = await blobs.put(Buffer.from('a writer that has only begun'));
  const garbage = await collect(first ? [first] : [], before);
  expect(garbage.removed.blobs).toBe(0);
  expect(garbage.recent.blobs).toBe(2);
  expect(await digests()).toEqual(expect.arrayContaining([forgotten, late]));
});

test('a checkpoint that is made meanwhile is whole', async () => {
  const all = await keepSome(12);
  const live = all.slice(-1);
  const before = await now();
  const keep = numbered(makeCheckpoint, blobs);
  let last = live[0]?.checkpoint ?? null;
  let collecting = true;
  const collector = (async () => {
    for (let round = 0; round < 30; round += 1) await collect(live, before);
    collecting = false;
  })();
  for (let step = 100; collecting; step += 1) {
    // Half of what it stores was stored before, and is garbage as long as no event names it.
    put(folder.root, 'a/again', `content ${step % 2}`);
    last = await keep(folder.workspace, step, last);
    expect(await restored(last, createMemoryBlobStore(blobs))).toEqual(listTree(folder.root));
  }
  await collector;
});

test('killed between any two of its steps it has removed only garbage, and the next one ends the work', async () => {
  const all = await keepSome(10);
  const live = all.filter((_, index) => index % 3 === 0);
  const before = await now();
  const dry = await collectGarbage(blobs, {
    liveRoots: () => live.map(({ checkpoint }) => checkpoint),
    before,
    dryRun: true,
  });
  expect(dry.removed.blobs).toBeGreaterThan(5);
  for (let steps = 0; steps < dry.removed.blobs; steps += 1) {
    const dying: BlobStore = {
      ...blobs,
      removeOlder: async (digest, time) => {
        await blobs.removeOlder(digest, time);
        throw new Error('killed');
      },
    };
    const roots = () => live.map(({ checkpoint }) => checkpoint);
    await expect(collectGarbage(dying, { liveRoots: roots, before })).rejects.toThrow('killed');
    for (const { checkpoint, tree } of live)
      expect(await restored(checkpoint, createMemoryBlobStore(blobs))).toEqual(tree);
  }
  expect((await collect(live, before)).removed.blobs).toBe(0);
});

test('removes nothing when it cannot be told what must stay', async () => {
  await keepSome(3);
  const there = await digests();
  const liveRoots = async function* () {
    yield { digest: there[0] ?? '' };
    throw new Error('the database went away');
  };
  await expect(collectGarbage(blobs, { liveRoots, before: await now() })).rejects.toThrow('the database went away');
  expect(await digests()).toEqual(there);
});

test('names a checkpoint that cannot be read, and keeps what its event names', async () => {
  const [first, second] = await keepSome(2);
  if (!first || !second) throw new Error('two checkpoints were made');
  await blobs.remove(second.checkpoint.manifest);
  const fresh = createMemoryBlobStore(blobs);
  const garbage = await collectGarbage(fresh, {
    liveRoots: () => [first.checkpoint, second.checkpoint],
    before: await now(),
  });
  expect(garbage.broken).toEqual([{ checkpoint: 'ck-1', why: expect.stringContaining(second.checkpoint.manifest) }]);
  expect(garbage.removed.blobs).toBe(0);
  expect(await restored(first.checkpoint, fresh)).toEqual(first.tree);
});
