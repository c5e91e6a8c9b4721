import { hash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, statSync, truncateSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Workspace } from '@devfactory/kit';
import { createMemoryBlobStore } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { listTree } from '../../../test/list-tree.ts';
import { numbered, put, Stage, type OpenFolder } from '../../../test/stage.ts';
import { loadManifest, makeCheckpoint, restoreCheckpoint } from '../index.ts';
import { PackWriter } from './pack-writer.ts';

const isNew = (): boolean => false;

/** What a pack says about itself, read from its end as anyone could who has nothing else. */
async function indexOf(
  pack: Uint8Array,
): Promise<{ blocks: number[][]; objects: [string, number, number, number, number][] }> {
  const bytes = Buffer.from(pack);
  expect(bytes.subarray(-8).toString()).toBe('DFPACK01');
  const trailer = bytes.subarray(-17, -8);
  const index = bytes.subarray(-17 - trailer.readUInt32LE(0), -17);
  return JSON.parse((trailer[8] === 1 ? zstdDecompressSync(index) : index).toString());
}

test('a pack tells by itself where its objects are', async () => {
  const blobs = createMemoryBlobStore();
  const writer = new PackWriter(blobs);
  const objects = [
    Buffer.from('small'),
    Buffer.alloc(0),
    randomBytes(1000),
    Buffer.alloc(3_000_000, 'ab'),
    Buffer.from('last'),
  ];
  for (const bytes of objects) await writer.add(bytes, isNew);
  const places = await writer.finish();
  await writer.durable();
  const pack = [...places.values()][0]!.blocks[0]!.pack;
  const bytes = Buffer.from(await blobs.get(pack));
  const index = await indexOf(bytes);
  const unpacked = index.blocks.map(([offset = 0, length = 0, codec]) => {
    const block = bytes.subarray(offset, offset + length);
    return String(codec) === 'zstd' ? zstdDecompressSync(block) : block;
  });
  expect(index.objects.map(([digest]) => digest).toSorted()).toEqual(
    objects.map((each) => hash('sha256', each, 'hex')).toSorted(),
  );
  for (const [digest, block, blocks, start, size] of index.objects) {
    const whole = Buffer.concat(unpacked.slice(block, block + blocks)).subarray(start, start + size);
    expect(hash('sha256', whole, 'hex')).toBe(digest);
  }
});

test('an object is stored once', async () => {
  const blobs = createMemoryBlobStore();
  const writer = new PackWriter(blobs);
  const bytes = randomBytes(300_000);
  for (let time = 0; time < 3; time += 1) await writer.add(Buffer.from(bytes), isNew);
  await writer.add(randomBytes(200_000), () => true);
  const places = await writer.finish();
  await writer.durable();
  expect(places.size).toBe(1);
  expect(await blobs.size([...places.values()][0]!.blocks[0]!.pack)).toBeLessThan(301_000);
});

/** A driver that gives and takes large files part by part; `largest` tells the longest of them. */
function inParts({ root, workspace }: OpenFolder): { readonly workspace: Workspace; largest: number } {
  const seen = { workspace, largest: 0 };
  const files: Workspace['files'] = {
    ...workspace.files,
    readPart: async ({ path }, { offset, length }) => {
      const fd = openSync(join(root, path), 'r');
      const bytes = Buffer.alloc(length);
      const count = readSync(fd, bytes, 0, length, offset);
      closeSync(fd);
      const stats = statSync(join(root, path), { bigint: true });
      return {
        bytes: bytes.subarray(0, count),
        stamp: [stats.mtimeNs, stats.ctimeNs, stats.size, stats.ino].join('-'),
        fresh: false,
      };
    },
    writePart: async ({ path }, { offset, bytes, mtimeMs }) => {
      seen.largest = Math.max(seen.largest, bytes.length);
      const fd = openSync(join(root, path), 'r+');
      writeSync(fd, bytes, 0, bytes.length, offset);
      closeSync(fd);
      if (mtimeMs !== null) utimesSync(join(root, path), mtimeMs / 1000, mtimeMs / 1000);
    },
    readMany: async function* (paths) {
      for await (const answer of workspace.files.readMany(paths)) {
        seen.largest = Math.max(seen.largest, answer.bytes?.length ?? 0);
        yield answer;
      }
    },
  };
  return Object.assign(seen, { workspace: { ...workspace, files } });
}

test('large files go through part by part where the driver can, and are stored once', async () => {
  const stage = new Stage();
  try {
    const first = stage.open('a');
    put(first.root, 'large', randomBytes(20_000_000));
    put(first.root, 'sparse', '');
    truncateSync(join(first.root, 'sparse'), 50_000_000);
    const keep = numbered(makeCheckpoint, stage.blobs);
    const parts = inParts(first);
    const checkpoint = await keep(parts.workspace, 0);
    expect(checkpoint).toMatchObject({ torn: false, files: 2, bytes: 70_000_000 });
    const other = inParts(stage.open('b'));
    await restoreCheckpoint({ workspace: other.workspace, blobs: stage.blobs }, { target: checkpoint, before: null });
    expect(listTree(join(stage.directory, 'b'))).toEqual(listTree(first.root));
    expect(Math.max(parts.largest, other.largest)).toBeLessThan(2_000_000);
    utimesSync(join(first.root, 'large'), 5, 5);
    expect((await keep(parts.workspace, 1, checkpoint)).packs).toEqual([]);
    rmSync(join(first.root, 'sparse'));
    const without = await keep(parts.workspace, 2, checkpoint);
    expect((await loadManifest(stage.blobs, without)).locations.size).toBe(1);
  } finally {
    stage.dispose();
  }
});
