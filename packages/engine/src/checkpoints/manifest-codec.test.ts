import { zstdCompressSync } from 'node:zlib';
import { createMemoryBlobStore } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import type { ManifestBody } from './manifest-codec.ts';
import { blobsOf, loadManifest, storeManifest } from './manifest.ts';

const [pack, object] = ['a'.repeat(64), 'b'.repeat(64)];

test('a manifest of the first version can still be read', async () => {
  const blobs = createMemoryBlobStore();
  const stored = {
    format: 'devfactory-manifest',
    version: 1,
    workspace: 'w',
    packs: [pack],
    blocks: [[0, 0, 10, 1, 20]],
    objects: [[object, 0, 1, 5]],
    leftOut: [['node_modules', 'why']],
    entries: [
      ['d', 'folder', 0, 493],
      ['f', 'folder/file', 0, 1, 420, 3, 0, 1.5, 'stamp'],
      ['l', 'link', 0, 0, 'folder'],
    ],
  };
  const manifest = await blobs.put(zstdCompressSync(JSON.stringify(stored)));
  expect(await loadManifest(blobs, { id: 'ck-0', manifest })).toEqual({
    checkpoint: 'ck-0',
    workspace: 'w',
    entries: [
      { type: 'directory', path: 'folder', mode: 493 },
      { type: 'file', path: 'folder/file', mode: 420, size: 3, object, mtimeMs: 1.5 },
      { type: 'symlink', path: 'link', target: 'folder' },
    ],
    source: new Set(['folder/file']),
    stamps: new Map([['folder/file', 'stamp']]),
    locations: new Map([[object, { start: 5, blocks: [{ pack, offset: 0, length: 10, codec: 'zstd', size: 20 }] }]]),
    leftOut: [{ path: 'node_modules', why: 'why' }],
  });
});

/** Folders with names of their own; `changed` of them have another mode. */
function folders(count: number, changed: number): ManifestBody {
  const entries = Array.from({ length: count }, (_, index) => ({
    type: 'directory' as const,
    path: `folder-${String(index).padStart(6, '0')}-${(index * 7919) % 10_007}`,
    mode: index < changed ? 0o700 : 0o755,
  }));
  return { workspace: 'w', entries, source: new Set(), stamps: new Map(), locations: new Map(), leftOut: [] };
}

test('hangs on two manifests at most, and differences never outgrow the whole one', async () => {
  const blobs = createMemoryBlobStore();
  const first = await storeManifest(blobs, folders(3000, 0), null);
  let [last, whole, told] = [first, 1, 0];
  for (let step = 1; step <= 300; step += 1) {
    const body = { ...folders(3000, step * 3), entries: [...folders(3000, step * 3).entries] };
    const next = await storeManifest(blobs, body, last);
    if (next.base) told += next.bytes;
    else whole += 1;
    expect(next.base?.base ?? null).toBeNull();
    const stored = await blobsOf(createMemoryBlobStore(blobs), { id: 'ck', manifest: next.digest });
    expect(stored).toHaveLength(next.base ? 2 : 1);
    const read = await loadManifest(createMemoryBlobStore(blobs), { id: 'ck', manifest: next.digest });
    expect(read.entries).toEqual(body.entries);
    last = next;
  }
  expect(whole).toBeGreaterThan(1);
  expect(told).toBeLessThan((whole + 1) * (first.bytes + 20_000));
});

test('a manifest that is told against a difference is refused by name', async () => {
  const blobs = createMemoryBlobStore();
  const first = await storeManifest(blobs, folders(100, 0), null);
  const second = await storeManifest(blobs, folders(100, 1), first);
  const third = await storeManifest(blobs, folders(100, 2), { ...second, base: null });
  await expect(
    loadManifest(createMemoryBlobStore(blobs), { id: 'ck-2', manifest: third.digest }),
  ).rejects.toMatchObject({ code: 'checkpoint_broken', message: expect.stringContaining('ck-2') });
});
