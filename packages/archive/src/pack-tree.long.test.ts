import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ManifestEntry } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { packTree } from './index.ts';

const file = (path: string, size: number): ManifestEntry => ({
  type: 'file',
  path,
  mode: 0o644,
  size,
  object: 'a'.repeat(64),
  mtimeMs: 0,
});
const piece = Buffer.alloc(1024 * 1024);
const read = async function* ({ size }: { readonly size: number }): AsyncIterable<Uint8Array> {
  for (let left = size; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
};

/** As three programs that are not ours see it. */
async function seen(
  entries: readonly ManifestEntry[],
): Promise<{ readonly unzip: string; readonly info: string; readonly python: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'devfactory-zip-'));
  const path = join(folder, 'a.zip');
  try {
    const packed = packTree({ hash: '', entries, read }, new AbortController().signal);
    await pipeline(Readable.from(packed), createWriteStream(path));
    const run = (command: string, ...args: string[]): string =>
      execFileSync(command, args, { maxBuffer: 64 * 1024 * 1024 })
        .toString()
        .trim();
    const script =
      'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nprint(len(z.namelist()), sum(i.file_size for i in z.infolist()), z.testzip())';
    return {
      unzip: run('unzip', '-tqq', path),
      info: run('zipinfo', '-h', '-t', path),
      python: run('python3', '-c', script, path),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an archive of more than 4 GiB, and what lies behind that, is one that others read', async () => {
  const large = 4 * 1024 ** 3 + 5;
  const { unzip, info, python } = await seen([file('a.txt', 3), file('large.bin', large), file('z.txt', 5_000_000)]);
  expect(unzip).toMatch(/^$|No errors/);
  expect(info).toContain(`3 files, ${large + 5_000_003} bytes uncompressed`);
  expect(python).toBe(`3 ${large + 5_000_003} None`);
}, 900_000);

test('an archive of more than 65,535 entries is one that others read', async () => {
  const entries = Array.from({ length: 70_000 }, (_, index) =>
    file(`d/${String(index).padStart(6, '0')}.txt`, index % 7),
  );
  const { unzip, info, python } = await seen(entries);
  expect(unzip).toMatch(/^$|No errors/);
  expect(info).toContain('70000 files');
  expect(python).toMatch(/^70000 \d+ None$/);
}, 900_000);
