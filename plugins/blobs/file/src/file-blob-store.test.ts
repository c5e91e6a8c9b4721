import { spawnSync } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreSuite } from '@devfactory/kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileBlobStore } from './index.ts';

const place = (directory: string, digest: string): string =>
  join(directory, digest.slice(0, 2), digest.slice(2, 4), digest);

blobStoreSuite('the file blob store', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'df-blobs-'));
  const directory = join(parent, 'blobs');
  return {
    store: createFileBlobStore({ directory }),
    reopen: () => createFileBlobStore({ directory }),
    damage: async (digest) => {
      const bytes = readFileSync(place(directory, digest));
      bytes[bytes.length >> 1]! ^= 0xff;
      writeFileSync(place(directory, digest), bytes);
    },
    dispose: async () => rmSync(parent, { recursive: true }),
  };
});

/** A file system of one MiB; null where this machine does not let us mount one. */
function mountSmallDisk(directory: string): (() => void) | null {
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]).status !== 0) return null;
  return () => void spawnSync('umount', [directory]);
}

const probe = mkdtempSync(join(tmpdir(), 'df-mount-'));
const unmountProbe = mountSmallDisk(probe);
unmountProbe?.();
rmSync(probe, { recursive: true });

describe('blobs as files', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'df-blobs-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('files and folders can be read by their owner alone', async () => {
    const digest = await createFileBlobStore({ directory }).put(Buffer.from('private'));
    expect(statSync(place(directory, digest)).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, digest.slice(0, 2))).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'incoming')).mode & 0o777).toBe(0o700);
  });

  test('what a dead process left half-written is cleared away, what a living one writes is not', async () => {
    const incoming = join(directory, 'incoming');
    mkdirSync(incoming, { recursive: true });
    writeFileSync(join(incoming, `${process.pid}-earlier-life-with-this-number-1`), 'half');
    const dead = spawnSync('true').pid;
    writeFileSync(join(incoming, `${dead}-x-1`), 'half');
    writeFileSync(join(incoming, `${process.ppid}-y-1`), 'being written');
    await createFileBlobStore({ directory }).put(Buffer.from('first use'));
    expect(readdirSync(incoming)).toEqual([`${process.ppid}-y-1`]);
  });

  test('what a kill left on its way out comes back when it is asked for, and is listed', async () => {
    const store = createFileBlobStore({ directory });
    const [asked, listed] = [Buffer.from('asked for'), Buffer.from('listed')];
    const leaveHalfRemoved = async (bytes: Buffer): Promise<string> => {
      const digest = await store.put(bytes);
      mkdirSync(join(directory, 'condemned'), { recursive: true });
      renameSync(place(directory, digest), join(directory, 'condemned', `${digest}.killed`));
      return digest;
    };
    expect(Buffer.from(await store.get(await leaveHalfRemoved(asked)))).toEqual(asked);
    const half = await leaveHalfRemoved(listed);
    const names: string[] = [];
    for await (const { digest } of store.list()) names.push(digest);
    expect(names).toContain(half);
    expect(readdirSync(join(directory, 'condemned'))).toEqual([]);
    await leaveHalfRemoved(listed);
    expect(await store.put(listed)).toBe(half);
    expect(Buffer.from(await store.get(half))).toEqual(listed);
  });

  test('a blob that was cut short is written anew', async () => {
    const store = createFileBlobStore({ directory });
    const bytes = randomBytes(5000);
    const digest = await store.put(bytes);
    writeFileSync(place(directory, digest), bytes.subarray(0, 100));
    await store.put(bytes);
    expect(Buffer.compare(await store.get(digest), bytes)).toBe(0);
  });

  test.skipIf(unmountProbe === null)(
    'a full disk is said in a sentence and leaves nothing half-written (needs the right to mount)',
    async () => {
      const disk = join(directory, 'disk');
      mkdirSync(disk);
      const unmount = mountSmallDisk(disk);
      try {
        const store = createFileBlobStore({ directory: disk });
        const kept = await store.put(randomBytes(300_000));
        const large = randomBytes(900_000);
        await expect(store.put(large)).rejects.toMatchObject({
          code: 'disk_full',
          message: expect.stringContaining(disk),
        });
        expect(readdirSync(join(disk, 'incoming'))).toEqual([]);
        expect(await store.has(hash('sha256', large, 'hex'))).toBe(false);
        await store.remove(kept);
        expect(await store.put(large)).toHaveLength(64);
      } finally {
        unmount?.();
      }
    },
  );
});
