import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { Channel } from '../../protocol/channel.ts';
import { dataPiece } from '../../protocol/frame.ts';
import { Refusal } from '../../protocol/protocol-error.ts';
import type { WirePath } from '../../protocol/requests.ts';
import { isFresh, stampOf } from './entry.ts';
import { codeOf, refusalOf } from './folder.ts';
import type { Folder } from './folder.ts';
import { OwnedTree } from './owned-tree.ts';
import { openRegular } from './read.ts';
import { parsePath, shown } from './wire-path.ts';

const openForWriting = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Answers like one file of `readMany`, with a part of its bytes. */
export async function readPart(
  channel: Channel,
  root: string,
  range: WirePath & { offset: number; length: number },
): Promise<void> {
  let fd: number;
  try {
    fd = openRegular(root, parsePath(range)).fd;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await channel.send({ is: 'missing' });
    channel.end();
    return;
  }
  try {
    const bytes = Buffer.allocUnsafe(Math.min(range.length, Math.max(0, fstatSync(fd).size - range.offset)));
    const readAt = Date.now();
    let real = 0;
    for (let count = 1; count > 0 && real < bytes.length; real += count) {
      count = readSync(fd, bytes, real, Math.min(dataPiece, bytes.length - real), range.offset + real);
    }
    await channel.send({ is: 'file', size: real });
    await channel.write(bytes.subarray(0, real));
    const stats = fstatSync(fd, { bigint: true });
    await channel.send({ is: 'done', real, stamp: stampOf(stats), fresh: isFresh(stats, readAt) });
  } finally {
    closeSync(fd);
  }
  channel.end();
}

/** Takes `size` bytes and puts them into a file that is there. Answers 'done'. */
export async function writePart(
  channel: Channel,
  root: string,
  part: WirePath & { offset: number; size: number; mtimeMs: number | null },
): Promise<void> {
  const names = parsePath(part);
  const name = names.at(-1);
  if (!name) throw new Refusal('not_a_file', 'The workspace itself is no file.');
  const tree = new OwnedTree(root);
  try {
    const fd = openOwn(tree.folder(names.slice(0, -1)), name, names);
    try {
      let at = part.offset;
      for await (const bytes of channel.data(part.size)) {
        for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, at + done);
        at += bytes.length;
      }
      if (part.mtimeMs !== null) futimesSync(fd, part.mtimeMs / 1000, part.mtimeMs / 1000);
    } finally {
      closeSync(fd);
    }
    await tree.finish();
  } catch (error) {
    throw refusalOf(error, names);
  } finally {
    tree.close();
  }
  await channel.send({ is: 'done' });
  channel.end();
}

/** The owner may write what is marked read-only: it is opened up for the moment of opening. */
function openOwn(folder: Folder, name: Buffer, names: readonly Buffer[]): number {
  const stats = lstatSync(folder.at(name));
  if (stats.isSymbolicLink()) throw new Refusal('symlink_refused', `'${shown(names)}' is a symbolic link.`);
  if (!stats.isFile()) throw new Refusal('not_a_file', `'${shown(names)}' is no regular file.`);
  try {
    return openSync(folder.at(name), openForWriting);
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error;
    chmodSync(folder.at(name), (stats.mode & 0o7777) | 0o200);
    const fd = openSync(folder.at(name), openForWriting);
    fchmodSync(fd, stats.mode & 0o7777);
    return fd;
  }
}
