import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../failure.ts';
import { readRequirementsFile } from './requirements-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function complaint(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'requirements.md');
  await writeFile(path, content);
  return complaintOf(path);
}

async function complaintOf(path: string): Promise<string> {
  const error = await readRequirementsFile(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
}

test('list items become requirements', async () => {
  const path = join(folder, 'requirements.md');
  await writeFile(path, '# Shop\n\n- [ ] Users can log in\n- Carts survive a restart (should)\n');
  expect(await readRequirementsFile(path)).toEqual([
    { text: 'Users can log in', priority: 'must' },
    { text: 'Carts survive a restart', priority: 'should' },
  ]);
});

test('a file that is missing, a folder or a FIFO is refused at once', async () => {
  expect(await complaintOf(join(folder, 'none.md'))).toContain('There is no requirements file');
  expect(await complaintOf(folder)).toContain('is not a file');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(await complaintOf(join(folder, 'pipe'))).toContain('is not a file');
});

test('a binary file is refused', async () => {
  expect(await complaint(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff))).toContain('is not a text in UTF-8');
  expect(await complaint('- a\0b')).toContain('is not a text in UTF-8');
});

test('50 MB are refused without being read', async () => {
  const path = join(folder, 'large.md');
  await writeFile(path, '');
  await truncate(path, 50_000_000);
  expect(await complaintOf(path)).toContain('has 50000000 bytes; at most 1000000 are read');
});

test('a file without a requirement is refused', async () => {
  expect(await complaint('# Only a heading\n')).toContain('No requirement was found');
  expect(await complaint('')).toContain('No requirement was found');
});

test('a requirement that cannot be taken is named, not dropped', async () => {
  expect(await complaint(`- fine\n- ${'x'.repeat(5000)}\n`)).toContain('line 2: too long');
});
