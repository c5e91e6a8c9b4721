import { hash, randomBytes } from 'node:crypto';
import type { BlobStore, ExportRequest } from '@devfactory/kit';
import { createMemoryBlobStore, sourceTreeOf, startFaultyProxy } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAzureExporter } from './index.ts';
import { AzureStage, never, newContainer, request } from './testing/stage.ts';

let stage: AzureStage;
beforeAll(async () => {
  stage = await AzureStage.start();
});
afterAll(() => stage.stop());

describe('an archive in Azure', () => {
  test('stands with its proof beside it and the manifest that makes it one', async () => {
    const container = newContainer();
    const progress: Parameters<NonNullable<ExportRequest['progress']>>[0][] = [];
    const destination = { kind: 'azure', container, folder: 'releases/shop', tags: { team: 'web' } } as const;
    const receipt = await stage
      .exporter()
      .deliver(request(destination, { progress: (at) => progress.push(at) }), never);
    const { archive, proof, entries, tree } = await stage.manifestOf(container);
    expect(new Set(await stage.names(container))).toEqual(
      new Set([
        archive!.name,
        ...proof.map(({ name }) => name),
        `releases/shop/run_abcdefgh234567ij/${tree.slice(0, 16)}/delivery.json`,
      ]),
    );
    for (const part of [archive!, ...proof]) {
      const bytes = await stage.read(container, part.name);
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
    expect(receipt.location).toBe(`${stage.azurite.url}/${container}/${archive!.name}`);
    expect(receipt.leftOut).toEqual([]);
    for (const phase of ['sending', 'checking'] as const)
      expect(progress.findLast((at) => at.phase === phase)).toEqual({
        phase,
        done: archive!.size,
        total: archive!.size,
      });
    const { tags } = await stage.container(container).getBlobClient(archive!.name).getTags();
    expect(tags).toMatchObject({ run: 'run_abcdefgh234567ij', tree, team: 'web' });
  });

  test('arrives with nothing but a SAS on the container, which is told nowhere', async () => {
    const container = newContainer();
    await stage.container(container).create();
    const sas = stage.sasOf(container, 'racwl');
    const exporter = createAzureExporter({
      environment: { DEVFACTORY_DELIVERY_URL: `${stage.azurite.url}/${container}?${sas}` },
      pauseMs: 1,
    });
    const receipt = await exporter.deliver(request({ kind: 'azure' }), never);
    const { archive } = await stage.manifestOf(container);
    expect(receipt.location).toBe(`${stage.azurite.url}/${container}/${archive!.name}`);
    expect(JSON.stringify(receipt)).not.toContain('sig=');
  });

  test('is read back: what is damaged there is no delivery', async () => {
    const container = newContainer();
    const destination = { kind: 'azure', container } as const;
    await stage.exporter().deliver(request(destination), never);
    const { archive } = await stage.manifestOf(container);
    const blob = stage.container(container).getBlockBlobClient(archive!.name);
    const bytes = await blob.downloadToBuffer();
    bytes[5]! ^= 0xff;
    await blob.upload(bytes, bytes.length);
    await expect(stage.exporter().deliver(request(destination), never)).rejects.toMatchObject({
      code: 'azure_read_back',
    });
  });

  test('with a link of its own that only reads, only it, and only for a while', async () => {
    const container = newContainer();
    const destination = { kind: 'azure', container } as const;
    const { location } = await stage.exporter().deliver(request(destination), never);
    const link = await stage.exporter().link!({ destination, location, expiresAt: new Date(Date.now() + 60_000) });
    const answer = await fetch(link);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect((await fetch(link, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(link.replace('shop.zip', 'delivery.json'))).status).toBe(403);
    const past = await stage.exporter().link!({ destination, location, expiresAt: new Date(Date.now() - 1000) });
    expect((await fetch(past)).status).toBe(403);
  });

  test('is sent on where it was cut off, and never twice', async () => {
    const container = newContainer();
    const proxy = await startFaultyProxy(stage.azurite.url, 3);
    const large = { tree: sourceTreeOf([['large.bin', randomBytes(60_000_000)]]) };
    const blobs = createMemoryBlobStore();
    const destination = { kind: 'azure', container } as const;
    try {
      // The third block and all that follow are cut off, as by a kill.
      proxy.cutAfterUploads = 3;
      await expect(
        stage.exporter(proxy.port, 2).deliver(request(destination, { ...large, blobs }), never),
      ).rejects.toMatchObject({ code: 'azure_delivery_unreachable' });
      expect((await stage.names(container)).some((name) => name.endsWith('.json') && name.includes('delivery'))).toBe(
        false,
      );
      proxy.cutAfterUploads = null;
      const before = proxy.uploadedBytes;
      const sent: number[] = [];
      const progress: NonNullable<ExportRequest['progress']> = ({ phase, done }) =>
        void (phase === 'sending' && sent.push(done));
      await stage.exporter(proxy.port).deliver(request(destination, { ...large, blobs, progress }), never);
      expect(sent.length).toBe(8);
      expect(sent).toEqual(sent.toSorted((one, other) => one - other));
      expect(proxy.uploadedBytes - before).toBeLessThan(52_000_000);
      const { archive } = await stage.manifestOf(container);
      expect(hash('sha256', await stage.read(container, archive!.name), 'hex')).toBe(archive!.sha256);
    } finally {
      await proxy.stop();
    }
  }, 120_000);

  test('arrives whole or fails in words through a bad network', async () => {
    const proxy = await startFaultyProxy(stage.azurite.url, 11);
    const container = newContainer();
    try {
      proxy.rate = 0.3;
      const tree = sourceTreeOf(Array.from({ length: 40 }, (_, index) => [`f${index}.txt`, `${index}`.repeat(500)]));
      for (const as of ['archive', 'files'] as const) {
        const destination = { kind: 'azure', container, folder: as, as } as const;
        const blobs: BlobStore = createMemoryBlobStore();
        await stage.exporter(proxy.port, 12).deliver(request(destination, { tree, blobs }), never);
        const { entries } = await stage.manifestOf(container);
        expect(entries.length).toBe(40);
      }
      expect([...proxy.injected.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
    } finally {
      await proxy.stop();
    }
  }, 120_000);
});
