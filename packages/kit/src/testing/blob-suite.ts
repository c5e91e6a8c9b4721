import { createHash, randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';

/** A fresh, empty store for one test, and the ways to hurt it that only its adapter knows. */
export interface BlobStoreUnderTest {
  readonly store: BlobStore;
  /** A second store on the same place, as another process would have it. */
  reopen(): BlobStore;
  /** How often the race of storing and removing is run, 200 by default: fewer where each round waits for the next second. */
  readonly rounds?: number;
  /** Flips bytes of a stored blob behind the store's back. */
  damage(digest: string): Promise<void>;
  dispose(): Promise<void>;
}

/** The contract of a blob store. An adapter is done when its test calls this and passes. */
export function blobStoreSuite(name: string, make: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} keeps the contract of a blob store`, () => {
    let subject: BlobStoreUnderTest;
    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.dispose());

    storing(() => subject);
    reading(() => subject);
    listing(() => subject);
  });
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function storing(subject: () => BlobStoreUnderTest): void {
  test('bytes get their SHA-256 as their name and come back the same', async () => {
    const { store } = subject();
    for (const bytes of [new Uint8Array(), Buffer.from('a\r\n\0ü'), randomBytes(3_000_000)]) {
      const digest = await store.put(bytes);
      expect(digest).toBe(sha256(bytes));
      expect(Buffer.compare(await store.get(digest), bytes)).toBe(0);
    }
  });

  test('a stream is stored under the digest of the whole', async () => {
    const { store } = subject();
    const bytes = randomBytes(2_500_000);
    expect(await store.putStream(pieces(bytes, 70_001))).toEqual({ digest: sha256(bytes), size: bytes.length });
    expect(Buffer.compare(await collect(store.getStream(sha256(bytes))), bytes)).toBe(0);
    expect(await store.putStream(pieces(new Uint8Array(), 1))).toEqual({ digest: sha256(new Uint8Array()), size: 0 });
  });

  test('a stream that breaks off leaves nothing behind', async () => {
    const { store } = subject();
    async function* broken(): AsyncIterable<Uint8Array> {
      yield randomBytes(10_000);
      throw new Error('the source went away');
    }
    await expect(store.putStream(broken())).rejects.toThrow('the source went away');
    expect(await listed(store)).toEqual([]);
  });

  test('the same bytes stored many times at once are one blob', async () => {
    const { store, reopen } = subject();
    const bytes = randomBytes(200_000);
    const digests = await Promise.all(
      [store, reopen(), store].flatMap((each) => [
        each.put(bytes),
        each.put(bytes),
        each.putStream(pieces(bytes, 999)),
      ]),
    );
    expect(new Set(digests.map((item) => (typeof item === 'string' ? item : item.digest)))).toEqual(
      new Set([sha256(bytes)]),
    );
    expect(await listed(store)).toEqual([{ digest: sha256(bytes), size: bytes.length }]);
  });

  test('another store on the same place finds the blob', async () => {
    const digest = await subject().store.put(Buffer.from('kept'));
    expect(Buffer.from(await subject().reopen().get(digest)).toString()).toBe('kept');
  });
}

function reading(subject: () => BlobStoreUnderTest): void {
  test('a part of a blob can be read alone', async () => {
    const { store } = subject();
    const bytes = randomBytes(100_000);
    const digest = await store.put(bytes);
    for (const [offset, length] of [
      [0, 10],
      [99_990, 10],
      [5, 0],
      [0, 100_000],
      [31, 60_000],
    ] as const) {
      const part = await store.getRange(digest, { offset, length });
      expect(Buffer.compare(part, bytes.subarray(offset, offset + length))).toBe(0);
    }
    await expect(store.getRange(digest, { offset: 99_999, length: 2 })).rejects.toMatchObject({ code: 'blob_corrupt' });
  });

  test('what is not there is said by name', async () => {
    const { store } = subject();
    const digest = sha256(Buffer.from('never stored'));
    expect(await store.has(digest)).toBe(false);
    expect(await store.size(digest)).toBeNull();
    const missing = { code: 'blob_missing', message: expect.stringContaining(digest) };
    await expect(store.get(digest)).rejects.toMatchObject(missing);
    await expect(collect(store.getStream(digest))).rejects.toMatchObject(missing);
    await expect(store.getRange(digest, { offset: 0, length: 1 })).rejects.toMatchObject(missing);
  });

  test('damaged bytes are an error that names the blob, never an answer', async () => {
    const { store, damage } = subject();
    const digest = await store.put(randomBytes(2_000_000));
    await damage(digest);
    const corrupt = { code: 'blob_corrupt', message: expect.stringContaining(digest) };
    await expect(store.get(digest)).rejects.toMatchObject(corrupt);
    await expect(collect(store.getStream(digest))).rejects.toMatchObject(corrupt);
  });

  test('a name that is no digest is refused', async () => {
    const { store } = subject();
    for (const name of ['', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}/`]) {
      await expect(store.get(name)).rejects.toMatchObject({ kind: 'invalid' });
      await expect(store.remove(name)).rejects.toMatchObject({ kind: 'invalid' });
    }
  });
}

async function listed(store: BlobStore): Promise<readonly { digest: string; size: number }[]> {
  const all: { digest: string; size: number }[] = [];
  for await (const { digest, size } of store.list()) all.push({ digest, size });
  return all.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
}

function listing(subject: () => BlobStoreUnderTest): void {
  test('the list names every blob with its size, and removed ones no more', async () => {
    const { store } = subject();
    expect(await listed(store)).toEqual([]);
    const kept = await store.put(Buffer.from('kept'));
    const dropped = await store.put(Buffer.from('dropped!'));
    expect(await listed(store)).toEqual(
      [
        { digest: kept, size: 4 },
        { digest: dropped, size: 8 },
      ].toSorted((a, b) => (a.digest < b.digest ? -1 : 1)),
    );
    await store.remove(dropped);
    await store.remove(dropped);
    expect(await store.has(dropped)).toBe(false);
    expect(await listed(store)).toEqual([{ digest: kept, size: 4 }]);
  });

  test('what is old is removed, what was stored again since is not', async () => {
    const { store, reopen } = subject();
    const old = await store.put(Buffer.from('old'));
    const renewed = [Buffer.from('put again'), Buffer.from('streamed again')] as const;
    for (const bytes of renewed) await store.put(bytes);
    const dates = new Map<string, number>();
    for await (const { digest, storedAt } of store.list()) dates.set(digest, storedAt);
    const before = Math.max(...dates.values()) + 1;
    while (Date.now() <= before + 20) await setImmediate();
    await reopen().put(renewed[0]);
    await reopen().putStream(pieces(renewed[1], 3));
    expect(await store.removeOlder(old, dates.get(old) ?? 0)).toBe(false);
    for (const bytes of renewed) expect(await store.removeOlder(sha256(bytes), before)).toBe(false);
    expect(await store.removeOlder(old, before)).toBe(true);
    expect(await store.removeOlder(old, before)).toBe(false);
    expect((await listed(store)).map(({ digest }) => digest).toSorted()).toEqual(
      renewed.map((bytes) => sha256(bytes)).toSorted(),
    );
  });

  test('what is stored while it is being removed as old is there in the end', async () => {
    const { store, reopen, rounds = 200 } = subject();
    const other = reopen();
    for (let round = 0; round < rounds; round += 1) {
      const bytes = Buffer.from(`contended ${round}`);
      const digest = await store.put(bytes);
      let before = 0;
      for await (const item of store.list()) if (item.digest === digest) before = item.storedAt + 1;
      while (Date.now() <= before) await setImmediate();
      await Promise.all([other.put(bytes), store.removeOlder(digest, before), store.has(digest)]);
      // Stored after it was gone, or kept because it was stored: either way it can be read.
      expect(Buffer.from(await store.get(digest)).equals(bytes)).toBe(true);
      await store.remove(digest);
    }
  });
}
