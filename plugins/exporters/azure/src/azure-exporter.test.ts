import { hash, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { BlobServiceClient } from '@azure/storage-blob';
import type { Destination } from '@devfactory/contracts';
import type { BlobStore, ExportRequest } from '@devfactory/kit';
import {
  createMemoryBlobStore,
  exporterSuite,
  sourceTreeOf,
  startAzurite,
  startFaultyProxy,
  testFolder,
  type Azurite,
} from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate, startManagedIdentity } from '../test/identity.ts';
import { createAzureExporter } from './index.ts';
import { DeliveryManifest } from './manifest.ts';

let azurite: Azurite;
let folder: string;
beforeAll(async () => {
  folder = testFolder('df-azure-delivery-');
  azurite = await startAzurite();
});
afterAll(async () => {
  await azurite.stop();
  rmSync(folder, { recursive: true, force: true });
});

const newContainer = (): string => `t${randomUUID()}`;
const service = () => BlobServiceClient.fromConnectionString(azurite.connectionString());
const names = async (container: string): Promise<string[]> => {
  const found: string[] = [];
  for await (const { name } of service().getContainerClient(container).listBlobsFlat()) found.push(name);
  return found;
};
const read = async (container: string, name: string): Promise<Buffer> =>
  service().getContainerClient(container).getBlobClient(name).downloadToBuffer();
const manifestOf = async (container: string): Promise<DeliveryManifest> => {
  const all = (await names(container)).filter((name) => name.endsWith('delivery.json'));
  const dated = await Promise.all(
    all.map(async (name) => ({
      name,
      at: (await service().getContainerClient(container).getBlobClient(name).getProperties()).lastModified ?? 0,
    })),
  );
  const last = dated.toSorted((a, b) => Number(a.at) - Number(b.at)).at(-1)?.name ?? '';
  return DeliveryManifest.parse(JSON.parse((await read(container, last)).toString()));
};

const exporter = (port?: number, tries = 8) =>
  createAzureExporter({
    environment: { DEVFACTORY_DELIVERY_CONNECTION_STRING: azurite.connectionString(port) },
    pauseMs: 1,
    tries,
  });

/** Lays the files of a delivery into a folder, links and modes by its manifest, as somebody would who has nothing else. */
async function laid(container: string): Promise<string> {
  const target = mkdtempSync(join(folder, 'arrived-'));
  const all = await names(container);
  const { entries, tree, run } = await manifestOf(container);
  const root = all.find((name) => name.startsWith(`${run}/${tree.slice(0, 16)}/files/`));
  for (const entry of entries) {
    const path = join(target, entry.path);
    mkdirSync(join(path, '..'), { recursive: true });
    if (entry.type === 'symlink') continue;
    const prefix = root === undefined ? '' : `${run}/${tree.slice(0, 16)}/files/`;
    writeFileSync(path, await read(container, prefix + entry.path));
    chmodSync(path, Number.parseInt(entry.mode, 8));
  }
  return target;
}

for (const as of ['files', 'site'] as const)
  exporterSuite(`the Azure exporter (${as})`, async () => {
    const container = newContainer();
    return {
      exporter: exporter(),
      destination: { kind: 'azure', container, as },
      arrived: () => laid(container),
      count: async () => (await names(container)).filter((name) => name.endsWith('delivery.json')).length,
      dispose: async () => void (await service().getContainerClient(container).deleteIfExists()),
    };
  });

const request = (destination: Destination, change: Partial<ExportRequest> = {}): ExportRequest => ({
  exportId: 'ex-1',
  runId: 'run_abcdefgh234567ij',
  name: 'shop',
  destination,
  imported: null,
  tree: sourceTreeOf([
    ['index.html', '<!doctype html>'],
    ['app.js', 'export {};'],
    ['logo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255])],
    ['link', { link: 'app.js' }],
    ['run.sh', '#!/bin/sh\n', 'executable'],
  ]),
  proof: { json: '{"proof":1}', report: '<!doctype html>', summary: { prompt: '', requirements: [] } },
  blobs: createMemoryBlobStore(),
  ...change,
});
const never = new AbortController().signal;

describe('an archive in Azure', () => {
  test('stands with its proof beside it and the manifest that makes it one', async () => {
    const container = newContainer();
    const progress: { done: number; total: number }[] = [];
    const destination = { kind: 'azure', container, folder: 'releases/shop', tags: { team: 'web' } } as const;
    const receipt = await exporter().deliver(request(destination, { progress: (at) => progress.push(at) }), never);
    const { archive, proof, entries, tree } = await manifestOf(container);
    expect(new Set(await names(container))).toEqual(
      new Set([
        archive!.name,
        ...proof.map(({ name }) => name),
        `releases/shop/run_abcdefgh234567ij/${tree.slice(0, 16)}/delivery.json`,
      ]),
    );
    for (const part of [archive!, ...proof]) {
      const bytes = await read(container, part.name);
      expect([bytes.length, hash('sha256', bytes, 'hex')]).toEqual([part.size, part.sha256]);
    }
    expect(entries).toContainEqual({
      type: 'file',
      path: 'run.sh',
      mode: '755',
      size: 10,
      sha256: hash('sha256', '#!/bin/sh\n', 'hex'),
    });
    expect(entries).toContainEqual({ type: 'symlink', path: 'link', target: 'app.js' });
    expect(receipt.location).toBe(`${azurite.url}/${container}/${archive!.name}`);
    expect(receipt.leftOut).toEqual([]);
    expect(progress.at(-1)?.done).toBe(progress.at(-1)?.total);
    const { tags } = await service().getContainerClient(container).getBlobClient(archive!.name).getTags();
    expect(tags).toMatchObject({ run: 'run_abcdefgh234567ij', tree, team: 'web' });
  });

  test('is read back: what is damaged there is no delivery', async () => {
    const container = newContainer();
    const destination = { kind: 'azure', container } as const;
    await exporter().deliver(request(destination), never);
    const { archive } = await manifestOf(container);
    const blob = service().getContainerClient(container).getBlockBlobClient(archive!.name);
    const bytes = await blob.downloadToBuffer();
    bytes[5]! ^= 0xff;
    await blob.upload(bytes, bytes.length);
    await expect(exporter().deliver(request(destination), never)).rejects.toMatchObject({ code: 'azure_read_back' });
  });

  test('with a link of its own that only reads, only it, and only for a while', async () => {
    const container = newContainer();
    const destination = { kind: 'azure', container } as const;
    const { location } = await exporter().deliver(request(destination), never);
    const link = await exporter().link!({ destination, location, expiresAt: new Date(Date.now() + 60_000) });
    const answer = await fetch(link);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect((await fetch(link, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(link.replace('shop.zip', 'delivery.json'))).status).toBe(403);
    const past = await exporter().link!({ destination, location, expiresAt: new Date(Date.now() - 1000) });
    expect((await fetch(past)).status).toBe(403);
  });

  test('is sent on where it was cut off, and never twice', async () => {
    const container = newContainer();
    const proxy = await startFaultyProxy(azurite.url, 3);
    const large = { tree: sourceTreeOf([['large.bin', randomBytes(60_000_000)]]) };
    const blobs = createMemoryBlobStore();
    const destination = { kind: 'azure', container } as const;
    try {
      // The third block and all that follow are cut off, as by a kill.
      proxy.cutAfterUploads = 3;
      await expect(
        exporter(proxy.port, 2).deliver(request(destination, { ...large, blobs }), never),
      ).rejects.toMatchObject({ code: 'azure_delivery_unreachable' });
      expect((await names(container)).some((name) => name.endsWith('.json') && name.includes('delivery'))).toBe(false);
      proxy.cutAfterUploads = null;
      const before = proxy.uploadedBytes;
      await exporter(proxy.port).deliver(request(destination, { ...large, blobs }), never);
      expect(proxy.uploadedBytes - before).toBeLessThan(52_000_000);
      const { archive } = await manifestOf(container);
      expect(hash('sha256', await read(container, archive!.name), 'hex')).toBe(archive!.sha256);
    } finally {
      await proxy.stop();
    }
  }, 120_000);

  test('arrives whole or fails in words through a bad network', async () => {
    const proxy = await startFaultyProxy(azurite.url, 11);
    const container = newContainer();
    try {
      proxy.rate = 0.3;
      const tree = sourceTreeOf(Array.from({ length: 40 }, (_, index) => [`f${index}.txt`, `${index}`.repeat(500)]));
      for (const as of ['archive', 'files'] as const) {
        const destination = { kind: 'azure', container, folder: as, as } as const;
        const blobs: BlobStore = createMemoryBlobStore();
        await exporter(proxy.port, 12).deliver(request(destination, { tree, blobs }), never);
        const { entries } = await manifestOf(container);
        expect(entries.length).toBe(40);
      }
      expect([...proxy.injected.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
    } finally {
      await proxy.stop();
    }
  }, 120_000);
});

describe('files and sites in Azure', () => {
  test('browsers are told what each file is', async () => {
    const container = newContainer();
    await exporter().deliver(request({ kind: 'azure', container, as: 'site' }), never);
    const types: Record<string, string | undefined> = {};
    for await (const { name, properties } of service().getContainerClient(container).listBlobsFlat())
      types[name] = properties.contentType;
    expect(types).toMatchObject({
      'index.html': 'text/html; charset=utf-8',
      'app.js': 'application/javascript; charset=utf-8',
      'logo.png': 'image/png',
    });
  });

  test('a site loses what a later tree does not have, and nothing of others', async () => {
    const container = newContainer();
    const destination = { kind: 'azure', container, as: 'site' } as const;
    await exporter().deliver(request(destination), never);
    await service().getContainerClient(container).getBlockBlobClient('theirs.txt').upload('theirs', 6);
    await exporter().deliver(request(destination, { tree: sourceTreeOf([['index.html', 'new']]) }), never);
    const left = (await names(container)).filter((name) => !name.startsWith('.devfactory/'));
    expect(left).toEqual(['index.html', 'theirs.txt']);
    expect((await read(container, 'index.html')).toString()).toBe('new');
  });

  test('what somebody else has put there is not overwritten, nor is anything sent', async () => {
    const container = newContainer();
    const client = service().getContainerClient(container);
    await client.create();
    await client.getBlockBlobClient('app.js').upload('theirs', 6);
    await expect(exporter().deliver(request({ kind: 'azure', container, as: 'site' }), never)).rejects.toMatchObject({
      code: 'azure_place_taken',
      message: expect.stringContaining('app.js'),
    });
    expect(await names(container)).toEqual(['app.js']);
    const other = request({ kind: 'azure', container, folder: 'site', as: 'site' });
    await exporter().deliver(other, never);
    await expect(exporter().deliver({ ...other, runId: 'run_zzzzzzgh234567ij' }, never)).rejects.toMatchObject({
      code: 'azure_place_taken',
    });
  });

  test.each([['dir\\file'], ['ends.'], ['a./b']])('a name that no blob can have is refused: %j', async (path) => {
    const tree = sourceTreeOf([[path, 'x']]);
    const refused = exporter().deliver(
      request({ kind: 'azure', container: newContainer(), as: 'files' }, { tree }),
      never,
    );
    await expect(refused).rejects.toMatchObject({ code: 'export_path' });
  });
});

describe('the account', () => {
  test('that nobody has named is said before a run begins', () => {
    expect(() => createAzureExporter({ environment: {} }).accept({ kind: 'azure' })).toThrow(
      expect.objectContaining({
        code: 'invalid_destination',
        message: expect.stringContaining('DEVFACTORY_DELIVERY_URL'),
      }),
    );
  });

  const certificate = makeCertificate();
  afterAll(() => certificate?.remove());
  test.skipIf(certificate === null)(
    'is reached with a managed identity, which signs links too (needs openssl)',
    async () => {
      const secure = await startAzurite(certificate!);
      const identity = await startManagedIdentity();
      const trusted = getCACertificates();
      setDefaultCACertificates([...trusted, readFileSync(certificate!.cert, 'utf8')]);
      Object.assign(process.env, identity.environment);
      try {
        const container = newContainer();
        const oauth = createAzureExporter({
          environment: { DEVFACTORY_DELIVERY_URL: `${secure.url}/${container}` },
          pauseMs: 1,
        });
        const destination = { kind: 'azure' } as const;
        const { location } = await oauth.deliver(request(destination), never);
        expect(location).toMatch(/^https:/);
        expect(identity.asked()).toBeGreaterThan(0);
        const link = await oauth.link!({ destination, location, expiresAt: new Date(Date.now() + 3_600_000) });
        // The identity's own key signed it, and it says so.
        expect(new URL(link).searchParams.get('skoid')).toBe('11059fcc-5514-4800-b5f8-49808b9cfab6');
        const answer = await fetch(link);
        expect([answer.status, (await text(answer.body!)).slice(0, 2)]).toEqual([200, 'PK']);
        expect((await fetch(link, { method: 'DELETE' })).status).toBe(403);
      } finally {
        for (const name of Object.keys(identity.environment)) delete process.env[name];
        setDefaultCACertificates(trusted);
        identity.stop();
        await secure.stop();
      }
    },
  );
});
