import { lstatSync, readdirSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { breathe } from './files/breathe.ts';
import { Folder } from './files/folder.ts';

export interface Usage {
  bytes: number;
  files: number;
}

/** What folders take on disk, caches included, and what deleted files still take that somebody holds open. */
export async function measureUsage(folders: readonly string[]): Promise<Usage> {
  const usage: Usage = { bytes: 0, files: 0 };
  for (const path of folders) {
    const folder = Folder.root(path);
    const device = statSync(path, { bigint: true }).dev;
    try {
      await addFolder(usage, folder, device);
      await addDeleted(usage, device);
    } finally {
      folder.close();
    }
  }
  return usage;
}

async function addFolder(usage: Usage, folder: Folder, device: bigint): Promise<void> {
  for (const name of quietly(() => readdirSync(folder.path, { encoding: 'buffer' })) ?? []) {
    const stats = quietly(() => lstatSync(folder.at(name), { bigint: true }));
    if (!stats) continue;
    count(usage, stats);
    await breathe();
    if (!stats.isDirectory() || stats.dev !== device) continue;
    const child = quietly(() => folder.enter(name));
    if (!child) continue;
    try {
      await addFolder(usage, child, device);
    } finally {
      child.close();
    }
  }
}

async function addDeleted(usage: Usage, device: bigint): Promise<void> {
  const seen = new Set<bigint>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const fd of quietly(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
      const stats = quietly(() => statSync(`/proc/${pid}/fd/${fd}`, { bigint: true }));
      if (!stats?.isFile() || stats.nlink !== 0n || stats.dev !== device || seen.has(stats.ino)) continue;
      seen.add(stats.ino);
      count(usage, stats);
    }
    await breathe();
  }
}

function count(usage: Usage, stats: BigIntStats): void {
  usage.bytes += Number(stats.blocks) * 512;
  usage.files++;
}

/** What is gone or closed to us meanwhile does not count. */
function quietly<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
