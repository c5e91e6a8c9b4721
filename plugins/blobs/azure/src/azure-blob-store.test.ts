import { createHash, hash, randomBytes, randomUUID } from 'node:crypto';
import { rmdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { AzureAccess } from '@devfactory/azure';
import type { BlobStore } from '@devfactory/kit';
import {
  blobStoreSuite,
  heldBytes,
  makeCertificate,
  startAzurite,
  startFaultyProxy,
  testFolder,
  withManagedIdentity,
  type Azurite,
} from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAzureBlobStore } from './index.ts';

let azurite: Azurite;
let spoolDirectory: string;
beforeAll(async () => {
  spoolDirectory = testFolder('df-spool-');
  azurite = await startAzurite();
}, 60_000);
afterAll(async () => {
  await azurite.stop();
  // Fails when a spooled stream has left anything there.
  rmdirSync(spoolDirectory);
});

const newContainer = (): string => `t${randomUUID()}`;
const byKey = (container: string, port?: number): AzureAccess => ({
  kind: 'connection-string',
  connectionString: azurite.connectionString(port),
  container,
});
function open(
  access: AzureAccess,
  more: { tries?: number; pageSize?: number; tell?: (line: string) => void } = {},
): BlobStore {
  return createAzureBlobStore({ access, spoolDirectory, pauseMs: 1, ...more });
}
const outsider = (container: string) =>
  BlobServiceClient.fromConnectionString(azurite.connectionString()).getContainerClient(container);
async function damage(container: string, digest: string): Promise<void> {
  const blob = outsider(container).getBlockBlobClient(`blobs/${digest}`);
  const bytes = await blob.downloadToBuffer();
  bytes[bytes.length >> 1]! ^= 0xff;
  await blob.upload(bytes, bytes.length);
}

blobStoreSuite('the Azure blob store', async () => {
  const container = newContainer();
  return {
    store: open(byKey(container)),
    reopen: () => open(byKey(container)),
    damage: (digest) => damage(container, digest),
    rounds: 4,
    dispose: async () => void (await outsider(container).deleteIfExists()),
  };
});

async function* pieces(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

describe('blobs in Azure', () => {
  test('a blob of many blocks is stored once by many at once, and read in parts', async () => {
    const container = newContainer();
    const bytes = randomBytes(13_000_001);
    const stores = [open(byKey(container)), open(byKey(container)), open(byKey(container))];
    const stored = await Promise.all(stores.map((store) => store.putStream(pieces(bytes, 1_000_000))));
    expect(new Set(stored.map(({ digest }) => digest))).toEqual(new Set([sha256(bytes)]));
    expect(Buffer.compare(await stores[0]!.get(sha256(bytes)), bytes)).toBe(0);
    const part = await stores[0]!.getRange(sha256(bytes), { offset: 3_999_999, length: 9_000_000 });
    expect(Buffer.compare(part, bytes.subarray(3_999_999, 12_999_999))).toBe(0);
  });

  test('a blob with another length than its bytes is replaced when they are stored again', async () => {
    const container = newContainer();
    const store = open(byKey(container));
    const digest = await store.put(Buffer.from('whole'));
    await outsider(container).getBlockBlobClient(`blobs/${digest}`).upload('who', 3);
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'blob_corrupt' });
    await store.put(Buffer.from('whole'));
    expect(Buffer.from(await store.get(digest)).toString()).toBe('whole');
  });

  test('a SAS on the container is enough', async () => {
    const container = newContainer();
    await outsider(container).create();
    const sas = generateBlobSASQueryParameters(
      {
        containerName: container,
        permissions: ContainerSASPermissions.parse('rcwdl'),
        expiresOn: new Date(Date.now() + 60_000),
      },
      new StorageSharedKeyCredential(azurite.account, azurite.key),
    );
    const store = open({ kind: 'url', url: `${azurite.url}/${container}?${sas.toString()}` });
    const digest = await store.put(Buffer.from('with a SAS'));
    expect(Buffer.from(await store.get(digest)).toString()).toBe('with a SAS');
    for await (const each of store.list()) expect(each.digest).toBe(digest);
    await store.remove(digest);
    expect(await store.has(digest)).toBe(false);
  });

  test('a blob is not taken for old because the clock of the service is behind', async () => {
    const proxy = await startFaultyProxy(azurite.url);
    proxy.behindMs = 3_600_000;
    try {
      const store = open(byKey(newContainer(), proxy.port));
      const digest = await store.put(Buffer.from('new'));
      expect(await store.removeOlder(digest, Date.now() - 60_000)).toBe(false);
      expect(await store.removeOlder(digest, Date.now() + 60_000)).toBe(true);
    } finally {
      await proxy.stop();
    }
  });

  test('a lease of somebody else on a blob is waited for, and named where it does not end', async () => {
    const container = newContainer();
    const told: string[] = [];
    const digest = await open(byKey(container)).put(Buffer.from('leased'));
    const lease = outsider(container).getBlobClient(`blobs/${digest}`).getBlobLeaseClient();
    await lease.acquireLease(-1);
    const removed = open(byKey(container), { tries: 3 }).remove(digest);
    await expect(removed).rejects.toMatchObject({
      code: 'blob_store_refused',
      message: expect.stringContaining('holds a lease'),
    });
    const tell = (line: string): void => {
      told.push(line);
      void lease.releaseLease().catch(() => undefined);
    };
    expect(await open(byKey(container), { tell }).put(Buffer.from('leased'))).toBe(digest);
    expect(told[0]).toContain('LeaseIdMissing');
  });

  test('a list goes on from page to page', async () => {
    const container = newContainer();
    const store = open(byKey(container), { pageSize: 2 });
    const stored = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => store.put(Buffer.from(text))));
    const named: string[] = [];
    for await (const { digest } of store.list()) named.push(digest);
    expect(named.toSorted()).toEqual(stored.toSorted());
  });

  test('a large stream passes with flat memory', async () => {
    const store = open(byKey(newContainer()));
    const block = randomBytes(1024 * 1024);
    let most = 0;
    const look = (): void => void (most = Math.max(most, heldBytes()));
    const before = heldBytes();
    const sha = createHash('sha256');
    async function* many(): AsyncIterable<Uint8Array> {
      for (let index = 0; index < 96; index += 1) {
        block.writeUInt32LE(index);
        sha.update(block);
        if (index % 16 === 0) look();
        yield block;
      }
    }
    const { digest } = await store.putStream(many());
    expect(digest).toBe(sha.digest('hex'));
    let size = 0;
    for await (const chunk of store.getStream(digest)) {
      const passed = size >> 24;
      size += chunk.length;
      if (size >> 24 > passed) look();
    }
    expect(size).toBe(96 * 1024 * 1024);
    expect((most - before) / 1024 ** 2).toBeLessThan(64);
  }, 120_000);
});

describe('with Entra ID', () => {
  const certificate = makeCertificate();
  afterAll(() => certificate?.remove());

  test.skipIf(certificate === null)(
    'a container needs tokens of a managed identity alone (needs openssl)',
    async () => {
      await withManagedIdentity(certificate!, async (secure, asked) => {
        const store = open({ kind: 'url', url: `${secure.url}/${newContainer()}` });
        const large = randomBytes(9_000_001);
        const { digest } = await store.putStream(pieces(large, 1_000_000));
        expect(Buffer.compare(await store.get(digest), large)).toBe(0);
        const small = await store.put(Buffer.from('by token'));
        const listed = [];
        for await (const each of store.list()) listed.push(each.digest);
        expect(listed.toSorted()).toEqual([digest, small].toSorted());
        expect(await store.removeOlder(small, Date.now() + 60_000)).toBe(true);
        expect(await store.has(small)).toBe(false);
        expect(asked()).toBeGreaterThan(0);
      });
    },
    60_000,
  );
});

describe('what cannot work is said in words without a secret', () => {
  const secretFree = (error: unknown, secret: string): void => {
    for (let at = error; at instanceof Error; at = at.cause) expect(`${at.message}${at.stack}`).not.toContain(secret);
  };

  test('a wrong key', async () => {
    const key = randomBytes(32).toString('base64');
    const connectionString = azurite.connectionString().replace(azurite.key, key);
    const error: unknown = await open({ kind: 'connection-string', connectionString, container: newContainer() })
      .put(Buffer.from('x'))
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'blob_store_refused',
      message: expect.stringContaining('key or SAS is wrong'),
    });
    secretFree(error, key);
  });

  test('a connection string that is none, before anything is sent', async () => {
    const store = open({ kind: 'connection-string', connectionString: 'AccountKey=hunter2', container: 'abc' });
    const error: unknown = await store.has(sha256(Buffer.from('x'))).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'blob_store_settings' });
    secretFree(error, 'hunter2');
  });

  test('a clock that is wrong', async () => {
    const server = createServer((_, answer) => {
      answer.writeHead(403, {
        date: new Date(Date.now() + 3_600_000).toUTCString(),
        'x-ms-error-code': 'AuthenticationFailed',
      });
      answer.end();
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    try {
      await expect(open(byKey(newContainer(), port)).put(Buffer.from('x'))).rejects.toMatchObject({
        message: expect.stringMatching(/clock is 60 minutes behind/),
      });
    } finally {
      server.close();
    }
  });

  test('a server that is not there, after as many tries as were asked for, each told', async () => {
    const told: string[] = [];
    const url = `http://127.0.0.1:1/devfactory/some-container?sig=hunter2`;
    const error: unknown = await open({ kind: 'url', url }, { tries: 3, tell: (line) => told.push(line) })
      .put(Buffer.from('x'))
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'blob_store_unreachable', message: expect.stringContaining('after 3 tries') });
    expect(told.length).toBe(2);
    secretFree(error, 'hunter2');
    expect(told.join('\n')).not.toContain('hunter2');
  });
});

test('through a bad network nothing is read wrong and nothing that was acknowledged is missing', async () => {
  const proxy = await startFaultyProxy(azurite.url, 7);
  const container = newContainer();
  try {
    const told: string[] = [];
    const store = open(byKey(container, proxy.port), { tries: 12, tell: (line) => told.push(line) });
    proxy.rate = 0.35;
    const acknowledged = new Map<string, Buffer>();
    const givenUp: unknown[] = [];
    const work = async (worker: number): Promise<void> => {
      for (let round = 0; round < 30; round += 1) {
        const large = round % 15 === 0;
        const bytes = randomBytes(large ? 5_000_000 : 1 + worker * 1000 + round * 100);
        try {
          const digest = round % 2 ? await store.put(bytes) : (await store.putStream(pieces(bytes, 65_536))).digest;
          acknowledged.set(digest, bytes);
          expect(Buffer.compare(await store.get(digest), bytes)).toBe(0);
          const part = { offset: bytes.length >> 1, length: 1 };
          expect(await store.getRange(digest, part)).toEqual(bytes.subarray(part.offset, part.offset + 1));
        } catch (error) {
          givenUp.push(error);
        }
      }
    };
    await Promise.all([0, 1, 2, 3].map(work));
    const faults = [...proxy.injected.values()].reduce((sum, count) => sum + count, 0);
    expect(proxy.injected.size).toBeGreaterThan(7);
    expect(faults).toBeGreaterThan(150);
    // Giving up is allowed when it is said; a wrong answer is not.
    for (const error of givenUp) expect(error).toMatchObject({ code: 'blob_store_unreachable' });
    expect(givenUp.length).toBeLessThan(5);
    expect(told.length).toBeGreaterThan(100);
    const direct = open(byKey(container));
    for (const [digest, bytes] of acknowledged) expect(Buffer.compare(await direct.get(digest), bytes)).toBe(0);
    // Nothing half stored either: what the container holds is what its names say.
    for await (const { digest } of direct.list()) expect(sha256(await direct.get(digest))).toBe(digest);
  } finally {
    await proxy.stop();
  }
}, 240_000);
