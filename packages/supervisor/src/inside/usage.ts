import { chmodSync, fchmodSync, lstatSync, readdirSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { breathe } from './files/breathe.ts';
import { codeOf, Folder } from './files/folder.ts';

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
    const child = enter(folder, name);
    if (child === 'closed') addClosed(usage, { folder, name, stats });
    else if (child) {
      try {
        await addFolder(usage, child, device);
      } finally {
        child.close();
      }
    }
  }
}

function enter(folder: Folder, name: Buffer): Folder | 'closed' | null {
  try {
    return folder.enter(name);
  } catch (error) {
    if (codeOf(error) === 'EACCES') return 'closed';
    if (outOfMeans.has(codeOf(error))) throw error;
    return null;
  }
}

/**
 * A folder that its owner closed, and so may open: else files would grow in it unseen. Done in one go, so that nothing else of
 * the supervisor, a walk above all, meets a mode that is not the folder's own.
 */
function addClosed(
  usage: Usage,
  at: { readonly folder: Folder; readonly name: Buffer; readonly stats: BigIntStats },
): void {
  const path = at.folder.at(at.name);
  const mode = Number(at.stats.mode & 0o7777n);
  const child = quietly(() => {
    chmodSync(path, mode | 0o500);
    return at.folder.enter(at.name);
  });
  if (!child) return;
  try {
    for (const name of quietly(() => readdirSync(child.path, { encoding: 'buffer' })) ?? []) {
      const stats = quietly(() => lstatSync(child.at(name), { bigint: true }));
      if (!stats) continue;
      count(usage, stats);
      if (stats.isDirectory() && stats.dev === at.stats.dev) addClosed(usage, { folder: child, name, stats });
    }
  } finally {
    fchmodSync(child.fd, mode);
    child.close();
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

/** What a process inside can take from the supervisor: then the measure fails, and is not merely too small. */
const outOfMeans = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** What is gone meanwhile does not count. */
function quietly<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (outOfMeans.has(codeOf(error))) throw error;
    return null;
  }
}
