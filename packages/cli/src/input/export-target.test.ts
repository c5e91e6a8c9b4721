import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destinationText } from '@devfactory/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readExportTarget, requireWritable } from './export-target.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

const check = (path: string, force = false): Promise<void> =>
  requireWritable(readExportTarget(`zip:${path}`), { force });

test('the proof lies beside the ZIP under its name', () => {
  expect(readExportTarget('zip:/tmp/flask-api.zip')).toEqual({
    destination: { kind: 'zip', name: 'flask-api' },
    files: {
      zip: '/tmp/flask-api.zip',
      proofJson: '/tmp/flask-api.proof.json',
      proofHtml: '/tmp/flask-api.proof.html',
      sbom: '/tmp/flask-api.sbom.json',
      provenance: '/tmp/flask-api.provenance.json',
    },
  });
  expect(readExportTarget('zip:/tmp/odd').files?.zip).toBe('/tmp/odd');
});

test('a container of Azure is named without an address, and what looks like a secret is not repeated', () => {
  expect(readExportTarget('azure').destination).toEqual({ kind: 'azure' });
  const written = 'azure:releases/shop/web?as=site&tag=team%3Dweb';
  const { destination } = readExportTarget(written);
  expect(destination).toEqual({
    kind: 'azure',
    container: 'releases',
    folder: 'shop/web',
    as: 'site',
    tags: { team: 'web' },
  });
  expect(destinationText(destination)).toBe(written);
  for (const bad of [
    'azure:https://x.blob.core.windows.net/c?sig=hunter2',
    'azure:c/../d',
    'azure:c?as=x',
    'azure:c?sig=hunter2',
  ])
    expect(() => readExportTarget(bad)).toThrow(/^(?!.*hunter2).*is written azure:CONTAINER/);
});

test('a repository that is not there yet may be wished for', () => {
  const written = 'github:acme/new?create=private#main';
  const { destination } = readExportTarget(written);
  expect(destination).toEqual({ kind: 'github', repository: 'acme/new', create: 'private', base: 'main' });
  expect(destinationText(destination)).toBe(written);
  expect(() => readExportTarget('github:acme/new?create=everybody')).toThrow('is written github:OWNER/REPO');
});

test('an unknown kind or a missing path is refused', () => {
  expect(() => readExportTarget('ftp:x')).toThrow("'ftp' is no kind of export here");
  expect(() => readExportTarget('result.zip')).toThrow("'result.zip' is no kind of export here");
  expect(() => readExportTarget('zip:')).toThrow('needs a file');
  expect(() => readExportTarget('zip:folder/')).toThrow('needs a file');
  expect(() => readExportTarget('zip:.zip')).toThrow('no usable file name');
});

test('a folder that can be written is left as it was', async () => {
  await check(join(folder, 'a.zip'));
  expect(await readdir(folder)).toEqual([]);
});

test('a missing folder is refused with the command that makes it', async () => {
  await expect(check(join(folder, 'none', 'a.zip'))).rejects.toThrow(`mkdir -p '${join(folder, 'none')}'`);
});

test('a file in place of a folder is refused', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(check(join(folder, 'file', 'a.zip'))).rejects.toThrow('is not a folder that can be entered');
});

test('what exists is only replaced by force, a folder never', async () => {
  await writeFile(join(folder, 'a.proof.json'), '');
  await expect(check(join(folder, 'a.zip'))).rejects.toThrow('--force');
  await check(join(folder, 'a.zip'), true);
  await mkdir(join(folder, 'b.zip'));
  await expect(check(join(folder, 'b.zip'), true)).rejects.toThrow('is no file');
});

test('a folder where nothing can be made is refused before any work', async () => {
  await expect(check('/proc/a.zip')).rejects.toThrow('Nothing can be written to /proc');
});

test('a repository at GitHub is read with its base branch, and nothing is saved here', async () => {
  const target = readExportTarget('github:acme/shop#release/2');
  expect(target).toEqual({ destination: { kind: 'github', repository: 'acme/shop', base: 'release/2' }, files: null });
  await requireWritable(target, { force: false });
  expect(readExportTarget('github:acme/shop').destination).toEqual({ kind: 'github', repository: 'acme/shop' });
});

test.each([
  'github:',
  'github:shop',
  'github:acme/shop/deep',
  'github:acme/..',
  'github:acme/shop#',
  'github:acme/shop#-x',
  'github:acme/shop#a..b',
  'github:https://x-access-token:ghp_planted0planted0@github.com/acme/shop',
])('%s is refused without repeating it', (text) => {
  expect(() => readExportTarget(text)).toThrow(/^A GitHub destination is written github:OWNER\/REPO/);
  expect(() => readExportTarget(text)).not.toThrow('planted');
});
