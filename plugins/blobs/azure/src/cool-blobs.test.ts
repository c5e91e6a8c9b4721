import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { BlobServiceClient } from '@azure/storage-blob';
import { startAzurite, startFaultyProxy, type Azurite, type FaultyProxy } from '@devfactory/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coolAfterDays, createAzureBlobStore } from './index.ts';

let azurite: Azurite;
let proxy: FaultyProxy;
beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startFaultyProxy(azurite.url, 4);
});
afterAll(async () => {
  await proxy.stop();
  await azurite.stop();
});

const open = (container: string, days: number, port = proxy.port) =>
  createAzureBlobStore({
    access: { kind: 'connection-string', connectionString: azurite.connectionString(port), container },
    spoolDirectory: tmpdir(),
    pauseMs: 1,
    pageSize: 2,
    coolAfterDays: days,
  });

test('large blobs go to the tier Cool when they are old, are read as before, and are cleaned up as before', async () => {
  const container = `t${randomUUID()}`;
  const store = open(container, 30);
  const large = await Promise.all([1, 2, 3].map(() => store.put(randomBytes(200_000))));
  const small = await store.put(Buffer.from('small'));
  expect(await store.cool!()).toEqual({ blobs: 0, bytes: 0 });
  // To the service forty days have passed since; the answers' dates say so.
  proxy.behindMs = -40 * 24 * 3_600_000;
  proxy.datesOfBlobs = false;
  expect(await store.cool!()).toEqual({ blobs: 3, bytes: 600_000 });
  expect(await store.cool!()).toEqual({ blobs: 0, bytes: 0 });
  proxy.behindMs = 0;
  const tiers = new Map<string, string | undefined>();
  const client = BlobServiceClient.fromConnectionString(azurite.connectionString()).getContainerClient(container);
  for await (const { name, properties } of client.listBlobsFlat()) tiers.set(name, properties.accessTier);
  for (const digest of large) expect(tiers.get(`blobs/${digest}`)).toBe('Cool');
  expect(tiers.get(`blobs/${small}`)).toBe('Hot');
  // get compares the bytes with the digest.
  for (const digest of large) expect((await store.get(digest)).length).toBe(200_000);
  expect(await store.removeOlder(large[0]!, Date.now() + 60_000)).toBe(true);
});

test('where an account has no tiers nothing is moved, and it is no error', async () => {
  const container = `t${randomUUID()}`;
  await open(container, 30).put(randomBytes(200_000));
  const { port } = new URL(azurite.url);
  const refusing = createServer((incoming, outgoing) => {
    if (incoming.url?.includes('comp=tier'))
      return void outgoing.writeHead(409, { 'x-ms-error-code': 'FeatureNotSupportedForAccount' }).end();
    void fetch(`http://127.0.0.1:${port}${incoming.url}`, { headers: incoming.headers as Record<string, string> }).then(
      async (answer) => {
        const date = new Date(Date.now() + 40 * 24 * 3_600_000).toUTCString();
        outgoing.writeHead(answer.status, { 'content-type': 'application/xml', date }).end(await answer.text());
      },
    );
  });
  await new Promise<void>((done) => void refusing.listen(0, '127.0.0.1', done));
  try {
    const store = open(container, 30, (refusing.address() as AddressInfo).port);
    expect(await store.cool!()).toEqual({ blobs: 0, bytes: 0 });
  } finally {
    refusing.closeAllConnections();
    refusing.close();
  }
});

test('days are a number, and none means never', async () => {
  expect([coolAfterDays({}), coolAfterDays({ DEVFACTORY_BLOB_COOL_DAYS: '0' })]).toEqual([30, 0]);
  expect(() => coolAfterDays({ DEVFACTORY_BLOB_COOL_DAYS: '-1' })).toThrow(
    expect.objectContaining({ code: 'blob_store_settings' }),
  );
  expect(await open('unused', 0, 1).cool!()).toEqual({ blobs: 0, bytes: 0 });
});
