import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { Channel } from '../../protocol/channel.ts';
import { dataPiece } from '../../protocol/frame.ts';
import { ProtocolError, Refusal } from '../../protocol/protocol-error.ts';
import type { WirePath } from '../../protocol/requests.ts';
import { isFresh, stampOf } from './entry.ts';
import { inParent, refusalOf } from './folder.ts';
import { followInside } from './follow.ts';
import { parsePath, shown } from './wire-path.ts';

/** Opening a FIFO would wait for a writer and a device may act: both are opened without waiting, looked at and left. */
const openFile = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

interface OpenFile {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/** Opens a regular file and nothing else; the caller closes it. */
export function openRegular(root: string, names: readonly Buffer[]): OpenFile {
  try {
    return inParent(root, names, (parent, name) => {
      const fd = openSync(parent.at(name), openFile);
      const stats = fstatSync(fd, { bigint: true });
      if (stats.isFile()) return { fd, stats };
      closeSync(fd);
      throw new Refusal('not_a_file', `'${shown(names)}' is no regular file.`);
    });
  } catch (error) {
    throw refusalOf(error, names);
  }
}

/** Answers with 'file' and its bytes, then 'done'. Follows symlinks inside the workspace. */
export async function read(
  channel: Channel,
  request: { root: string; path: WirePath; maxBytes: number },
): Promise<void> {
  const asked = parsePath(request.path);
  const names = followInside(request.root, asked);
  if (names.length === 0) throw new Refusal('not_a_file', `'${shown(asked)}' is a folder.`);
  const file = openRegular(request.root, names);
  try {
    if (file.stats.size > BigInt(request.maxBytes)) {
      throw new Refusal(
        'too_large',
        `'${shown(names)}' has ${file.stats.size} bytes; at most ${request.maxBytes} are read at once.`,
      );
    }
    await sendContent(channel, file);
    channel.end();
  } finally {
    closeSync(file.fd);
  }
}

/** Answers each path that is asked for, in order: 'file', its bytes and 'done', or 'missing'. */
export async function readMany(channel: Channel, from: { root: string; maxBytes: number }): Promise<void> {
  for (;;) {
    const item = await channel.next();
    if (item === null) break;
    if (item.kind !== 'message' || !Array.isArray(item.value)) throw new ProtocolError('A list of paths was expected.');
    for (const path of item.value as WirePath[]) await answerOne(channel, from, path);
  }
  channel.end();
}

async function answerOne(channel: Channel, from: { root: string; maxBytes: number }, path: WirePath): Promise<void> {
  let file: OpenFile;
  try {
    file = openRegular(from.root, parsePath(path));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await channel.send({ is: 'missing' });
    return;
  }
  try {
    if (file.stats.size > BigInt(from.maxBytes)) await channel.send({ is: 'missing' });
    else await sendContent(channel, file);
  } finally {
    closeSync(file.fd);
  }
}

/** Sends as many bytes as the file had when it was opened; how many of them are real is told at the end, for a file that shrank. */
async function sendContent(channel: Channel, file: OpenFile): Promise<void> {
  const size = Number(file.stats.size);
  const readAt = Date.now();
  await channel.send({ is: 'file', size });
  let real = 0;
  for (let sent = 0; sent < size;) {
    const piece = Buffer.alloc(Math.min(dataPiece, size - sent));
    const count = real === sent ? fill(file.fd, piece) : 0;
    real += count;
    sent += piece.length;
    await channel.write(piece);
  }
  const stats = fstatSync(file.fd, { bigint: true });
  await channel.send({ is: 'done', real, stamp: stampOf(stats), fresh: isFresh(stats, readAt) });
}

function fill(fd: number, piece: Buffer): number {
  let at = 0;
  while (at < piece.length) {
    const count = readSync(fd, piece, at, piece.length - at, null);
    if (count === 0) break;
    at += count;
  }
  return at;
}
