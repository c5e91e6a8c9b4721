import { isUtf8 } from 'node:buffer';
import { lstatSync, readlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { codeOf } from './folder.ts';
import type { Folder } from './folder.ts';
import { joinBytes, wirePath } from './wire-path.ts';

type EntryType = 'file' | 'symlink' | 'directory' | 'special';

/** One path as it goes over the wire. */
export interface Entry {
  readonly path: string;
  readonly raw: boolean;
  readonly type: EntryType;
  readonly mode: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly stamp: string;
  readonly target: string | null;
  readonly unreadable: string | null;
}

/** Changes whenever content may have changed. ctime cannot be set by hand, so it tells where mtime was set back. */
export function stampOf(stats: BigIntStats): string {
  return [stats.mtimeNs, stats.ctimeNs, stats.size, stats.ino].map((each) => each.toString(36)).join('-');
}

function typeOf(stats: BigIntStats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'special';
}

const me = { uid: BigInt(process.getuid?.() ?? -1), gid: BigInt(process.getgid?.() ?? -1) };

/** The sandbox has no capabilities, so the mode bits decide. Asking the kernel for each file would double the walk's time. */
function mayRead(stats: BigIntStats): boolean {
  const bit = stats.uid === me.uid ? 0o400n : stats.gid === me.gid ? 0o040n : 0o004n;
  return (stats.mode & bit) !== 0n;
}

/** Looks at one entry of a folder, without opening it. Null when it is gone. */
export function lookAt(folder: Folder, name: Buffer, prefix: Buffer): Entry | null {
  const path = wirePath(joinBytes(prefix, name));
  let stats: BigIntStats;
  try {
    stats = lstatSync(folder.at(name), { bigint: true });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    return {
      ...path,
      type: 'special',
      mode: 0,
      size: 0,
      mtimeMs: 0,
      stamp: '',
      target: null,
      unreadable: code || 'EIO',
    };
  }
  const type = typeOf(stats);
  const link = type === 'symlink' ? readTarget(folder, name) : null;
  return {
    ...path,
    type,
    mode: Number(stats.mode & 0o7777n),
    size: Number(stats.size),
    mtimeMs: Number(stats.mtimeNs / 1000n) / 1000,
    stamp: stampOf(stats),
    target: link?.target ?? null,
    unreadable: link ? link.unreadable : type === 'file' && !mayRead(stats) ? 'EACCES' : null,
  };
}

function readTarget(folder: Folder, name: Buffer): { target: string | null; unreadable: string | null } {
  try {
    const bytes = readlinkSync(folder.at(name), { encoding: 'buffer' });
    // A target is text on the wire: one that is not UTF-8 is named, never silently changed.
    return isUtf8(bytes)
      ? { target: bytes.toString('utf8'), unreadable: null }
      : { target: null, unreadable: 'EILSEQ' };
  } catch (error) {
    return { target: null, unreadable: codeOf(error) || 'EIO' };
  }
}
