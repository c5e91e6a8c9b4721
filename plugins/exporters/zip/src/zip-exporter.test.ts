import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore, ExportReceipt } from '@devfactory/kit';
import { createMemoryBlobStore, exporterSuite, sourceTreeOf, unpackZip } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import { createZipExporter } from './index.ts';

exporterSuite('the ZIP exporter', async () => {
  const folders: string[] = [];
  return {
    exporter: createZipExporter(),
    destination: { kind: 'zip', name: 'project' },
    arrived: async (receipt, blobs) => {
      const folder = mkdtempSync(join(tmpdir(), 'df-zip-'));
      folders.push(folder);
      await unpackZip(await zipOf(receipt, blobs), folder);
      return folder;
    },
    count: async (_, blobs) => {
      let count = 0;
      for await (const { size } of blobs.list()) count += size > 0 ? 1 : 0;
      return count;
    },
    dispose: async () => {
      for (const folder of folders) rmSync(folder, { recursive: true });
    },
  };
});

async function zipOf(receipt: ExportReceipt, blobs: BlobStore): Promise<Buffer> {
  return Buffer.from(await blobs.get(receipt.files.find(({ name }) => name.endsWith('.zip'))!.digest));
}

const signal = new AbortController().signal;
const proof = {
  json: '{}',
  report: '<!doctype html>',
  summary: { prompt: '', requirements: [] },
  more: [{ name: 'sbom.json', mediaType: 'application/json', text: '{}' }],
};
const files = [
  ['a.txt', 'a'],
  ['run', '#!/bin/sh', 'executable'],
  ['link', { link: 'a.txt' }],
  ['deep/b', 'b'],
] as const;

function deliver(name: string, paths: Parameters<typeof sourceTreeOf>[0] = files) {
  const blobs = createMemoryBlobStore();
  const request = {
    exportId: 'ex-1',
    runId: 'run_abcdefgh234567ij',
    name,
    destination: { kind: 'zip' as const },
    imported: null,
    tree: sourceTreeOf(paths),
    proof,
    blobs,
  };
  return { blobs, receipt: createZipExporter().deliver(request, signal) };
}

describe('a delivered ZIP', () => {
  test('is the same to the byte each time, in every time zone', async () => {
    const [first, second] = [deliver('p'), deliver('p')];
    const digest = (await first.receipt).files[0]!.digest;
    expect((await second.receipt).files[0]!.digest).toBe(digest);
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      expect((await deliver('p').receipt).files[0]!.digest).toBe(digest);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('comes with its proof as files beside it', async () => {
    const { receipt, blobs } = deliver('flask-api');
    const { files, location, leftOut } = await receipt;
    expect(files.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['flask-api.zip', 'application/zip'],
      ['flask-api.proof.json', 'application/json'],
      ['flask-api.proof.html', 'text/html'],
      ['flask-api.sbom.json', 'application/json'],
    ]);
    expect(Buffer.from(await blobs.get(files[1]!.digest)).toString()).toBe('{}');
    expect({ location, leftOut }).toEqual({ location: 'flask-api.zip', leftOut: [] });
  });

  test.each([
    ['flask-api.zip', 'flask-api.zip'],
    ['../../etc/passwd', 'etc-passwd.zip'],
    ['A "nice" name: yes/no', 'A -nice- name- yes-no.zip'],
    ['', 'project.zip'],
    ['ü'.repeat(300), `${'ü'.repeat(100)}.zip`],
  ])('called %j is named %j', async (name, expected) => {
    expect((await deliver(name).receipt).location).toBe(expected);
  });

  test.each([['dir\\file'], ['C:evil']])('is refused when a name cannot be in it: %j', async (path) => {
    await expect(deliver('p', [[path, 'x']]).receipt).rejects.toMatchObject({
      code: 'export_path',
      message: expect.stringContaining(path),
    });
  });

  const hasUnzip = spawnSync('unzip', ['-v']).status === 0;
  test.skipIf(!hasUnzip)('is taken by unzip (needs unzip)', async () => {
    const { receipt, blobs } = deliver('p');
    const folder = mkdtempSync(join(tmpdir(), 'df-unzip-'));
    try {
      writeFileSync(join(folder, 'p.zip'), await zipOf(await receipt, blobs));
      const result = spawnSync('unzip', ['-q', 'p.zip', '-d', 'out'], { cwd: folder });
      expect({ status: result.status, stderr: result.stderr.toString() }).toEqual({ status: 0, stderr: '' });
      const listing = spawnSync('find', ['out', '-type', 'f', '-perm', '755', '-o', '-type', 'l'], {
        cwd: folder,
      }).stdout.toString();
      expect(listing.trim().split('\n').toSorted()).toEqual(['out/link', 'out/run']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
