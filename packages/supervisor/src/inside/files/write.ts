import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Channel } from '../../protocol/channel.ts';
import { Refusal } from '../../protocol/protocol-error.ts';
import { codeOf, descend, refusalOf } from './folder.ts';
import type { Folder } from './folder.ts';
import { parsePath, shown } from './wire-path.ts';

const makeFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const mostCompared = 256 * 1024 * 1024;
const temporaryName = /^\.devfactory-write-[0-9a-f]{32}$/;

/** A half-written file that a crash left behind: of no worth to anyone, so the walk passes it by. */
export function isTemporary(name: string): boolean {
  return name.length === 50 && temporaryName.test(name);
}

/** A name that nobody can guess. From the kernel itself: loading Node's crypto would slow the start of every sandbox. */
export function temporary(): Buffer {
  const bytes = Buffer.alloc(16);
  const fd = openSync('/dev/urandom', constants.O_RDONLY);
  try {
    readSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  return Buffer.from(`.devfactory-write-${bytes.toString('hex')}`);
}

export function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at);
}

/** Takes `size` bytes and puts them at the path: atomic and durable, or not at all. Answers 'done'. */
export async function write(
  channel: Channel,
  request: { root: string; path: string; size: number; mode: number | null; expected?: string | null },
): Promise<void> {
  const names = parsePath({ path: request.path, raw: false });
  const name = names.at(-1);
  if (!name) throw new Refusal('not_a_file', 'The workspace itself is no file.');
  const parent = makeFolders(request.root, names.slice(0, -1));
  const draft = temporary();
  try {
    const mode = request.mode ?? modeOfExisting(parent, name, names) ?? 0o644;
    const fd = openSync(parent.at(draft), makeFile, 0o600);
    try {
      for await (const bytes of channel.data(request.size)) writeAll(fd, bytes);
      fchmodSync(fd, mode);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    // Nothing else runs in this program between the look and the rename: of two who saw the same file, one is told.
    if (request.expected !== undefined && digestOf(parent, name) !== request.expected)
      throw new Refusal('file_changed', `'${shown(names)}' is not what it was: somebody changed it meanwhile.`);
    renameSync(parent.at(draft), parent.at(name));
    fsyncSync(parent.fd);
  } catch (error) {
    forget(parent, draft);
    throw refusalOf(error, names);
  } finally {
    parent.close();
  }
  await channel.send({ is: 'done' });
  channel.end();
}

export function forget(parent: Folder, name: Buffer): void {
  try {
    unlinkSync(parent.at(name));
  } catch {
    // It was never made.
  }
}

/** Null when nothing is there. Refuses what a plain file must not replace. */
function modeOfExisting(parent: Folder, name: Buffer, names: readonly Buffer[]): number | null {
  const stats = lstatSync(parent.at(name), { throwIfNoEntry: false });
  if (!stats) return null;
  if (stats.isSymbolicLink())
    throw new Refusal('symlink_refused', `'${shown(names)}' is a symbolic link; write to what it points at.`);
  if (!stats.isFile()) throw new Refusal('not_a_file', `'${shown(names)}' is no regular file.`);
  return stats.mode & 0o7777;
}

/** SHA-256 of a regular file; null when nothing is there. */
function digestOf(parent: Folder, name: Buffer): string | null {
  let fd: number;
  try {
    fd = openSync(parent.at(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    // Meanwhile everything else waits.
    if (fstatSync(fd).size > mostCompared)
      throw new Refusal('too_large', 'A file this large cannot be written on the condition that it did not change.');
    const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
    const piece = Buffer.allocUnsafe(1024 * 1024);
    for (let count = readSync(fd, piece); count > 0; count = readSync(fd, piece)) hash.update(piece.subarray(0, count));
    return hash.digest('hex');
  } finally {
    closeSync(fd);
  }
}

/** Opens a folder and makes the parts that are missing. The caller closes it. */
function makeFolders(root: string, names: readonly Buffer[]): Folder {
  for (let depth = 1; depth <= names.length; depth++) {
    const parent = descend(root, names.slice(0, depth - 1));
    try {
      mkdirSync(parent.at(names[depth - 1] ?? Buffer.alloc(0)), 0o755);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw refusalOf(error, names.slice(0, depth));
    } finally {
      parent.close();
    }
  }
  return descend(root, names);
}
