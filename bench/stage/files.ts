import { createCipheriv } from 'node:crypto';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RestoreEntry, Workspace } from '@devfactory/kit';

const perFolder = 100;
const words = [
  'const',
  'order',
  'return',
  'invoice',
  'await',
  'export',
  'total',
  'if',
  'customer',
  'import',
  'null',
  '=>',
];

export interface BenchFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Files like those of a project: folders of a hundred, 0.2 to 4 kB of text each, the same at every run. */
function* projectFiles(count: number): Iterable<BenchFile> {
  for (let index = 0; index < count; index += 1) {
    yield { path: `src/part-${Math.floor(index / perFolder)}/file-${index}.ts`, bytes: content(index) };
  }
}

/** The files of one small change: `count` of them, spread over the project, each with a line more than before. */
export function changedFiles(total: number, round: number, count = 3): BenchFile[] {
  return Array.from({ length: count }, (_, index) => {
    const place = Math.floor((total / count) * index + ((round * 7) % (total / count)));
    const line = `// change ${round}: ${String(place * 7919 + round)}\n`;
    const path = `src/part-${Math.floor(place / perFolder)}/file-${place}.ts`;
    return { path, bytes: Buffer.concat([content(place), Buffer.from(line)]) };
  });
}

/** The files of a larger change: 64 KiB of new bytes in each, which no packing makes smaller. */
export function rewrittenFiles(total: number, round: number): BenchFile[] {
  return changedFiles(total, round).map(({ path }, index) => ({ path, bytes: noise(round * 10 + index) }));
}

/** Looks random, and is the same at every run. */
function noise(seed: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16, seed.toString()));
  return cipher.update(Buffer.alloc(64 * 1024));
}

/** The same files twice: in the workspace, and in a plain folder for those that are compared with us. */
export async function fill(workspace: Workspace, folder: string, count: number): Promise<void> {
  await workspace.files.putMany(asEntries(projectFiles(count)));
  for (const file of projectFiles(count)) await put(folder, file);
}

/** Lays the same change down in both. */
export async function change(workspace: Workspace, folder: string, files: readonly BenchFile[]): Promise<void> {
  for (const file of files) {
    await workspace.files.write(file.path, file.bytes);
    await put(folder, file);
  }
}

/** Bytes that files hold, without what a disk needs around them. */
export async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return sum;
}

function* asEntries(files: Iterable<BenchFile>): Iterable<RestoreEntry> {
  const folders = new Set(['src']);
  yield { type: 'directory', path: 'src', raw: false, mode: 0o755 };
  for (const { path, bytes } of files) {
    const folder = dirname(path);
    if (!folders.has(folder)) yield { type: 'directory', path: folder, raw: false, mode: 0o755 };
    folders.add(folder);
    yield { type: 'file', path, raw: false, mode: 0o644, bytes, mtimeMs: null };
  }
}

async function put(folder: string, { path, bytes }: BenchFile): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

function content(seed: number): Buffer {
  let state = seed + 1;
  const dice = (sides: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
  const lines = Array.from({ length: 5 + dice(95) }, () =>
    Array.from({ length: 3 + dice(6) }, () => words[dice(words.length)] ?? '').join(' '),
  );
  return Buffer.from(`// file ${seed}\n${lines.join('\n')}\n`);
}
