import { closeSync, constants, openSync, readlinkSync } from 'node:fs';
import { Refusal } from '../../protocol/protocol-error.ts';
import { shown } from './wire-path.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
const openFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;

/**
 * An open folder. Names are looked up relative to it, like openat does: what happens to the path meanwhile leads nowhere else,
 * and no path gets too long for the kernel.
 */
export class Folder {
  readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  static root(path: string): Folder {
    return new Folder(openSync(path, openFolder));
  }

  /** A path of this entry that the kernel resolves from the open folder. */
  at(name: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.fd}/`), name]);
  }

  get path(): string {
    return `/proc/self/fd/${this.fd}`;
  }

  /** Opens a folder in this one; never through a symlink. */
  enter(name: Buffer): Folder {
    return new Folder(openSync(this.at(name), openFolder));
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** Does something in the folder that holds `names`' last part, and closes it. Symlinks on the way are refused. */
export function inParent<T>(root: string, names: readonly Buffer[], act: (parent: Folder, name: Buffer) => T): T {
  const last = names.at(-1);
  if (!last) throw new Refusal('path_invalid', 'The workspace itself is meant, where a path in it is needed.');
  const parent = descend(root, names.slice(0, -1));
  try {
    return act(parent, last);
  } finally {
    parent.close();
  }
}

/** Opens a folder, name by name. The caller closes it. */
export function descend(root: string, names: readonly Buffer[]): Folder {
  let folder = Folder.root(root);
  for (const [index, name] of names.entries()) {
    try {
      const next = folder.enter(name);
      folder.close();
      folder = next;
    } catch (error) {
      const refusal = explain(error, { folder, names: names.slice(0, index + 1), name });
      folder.close();
      throw refusal;
    }
  }
  return folder;
}

function explain(error: unknown, at: { folder: Folder; names: readonly Buffer[]; name: Buffer }): unknown {
  if (isSymlink(at.folder, at.name)) return new Refusal('symlink_refused', `'${shown(at.names)}' is a symbolic link.`);
  return refusalOf(error, at.names);
}

function isSymlink(folder: Folder, name: Buffer): boolean {
  try {
    readlinkSync(folder.at(name));
    return true;
  } catch {
    return false;
  }
}

const refusals: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['file_missing', 'is not there'],
  ENOTDIR: ['file_missing', 'is not there: a part of its path is no folder'],
  EISDIR: ['not_a_file', 'is a folder'],
  ELOOP: ['symlink_refused', 'is a symbolic link'],
  ENXIO: ['not_a_file', 'is no regular file'],
  EACCES: ['file_unreadable', 'may not be accessed'],
  EPERM: ['file_unreadable', 'may not be accessed'],
  EROFS: ['file_unreadable', 'is read-only'],
  ENOSPC: ['disk_full', 'does not fit: the disk is full'],
  EDQUOT: ['disk_full', 'does not fit: the disk quota is used up'],
  EFBIG: ['too_large', 'is larger than the workspace allows'],
  ENAMETOOLONG: ['path_invalid', 'has a name that is too long'],
  EEXIST: ['path_taken', 'is taken by something else'],
  ENOTEMPTY: ['path_taken', 'is a folder that is not empty'],
};

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The system's word as a refusal that names the path; anything else stays what it is. */
export function refusalOf(error: unknown, names: readonly Buffer[]): unknown {
  if (error instanceof Refusal) return error;
  const code = codeOf(error);
  const known = refusals[code];
  if (known) return new Refusal(known[0], `'${shown(names)}' ${known[1]}.`);
  return code === '' ? error : new Refusal('file_error', `'${shown(names)}': ${code}.`);
}
