import type { Channel } from '../protocol/channel.ts';
import { ProtocolError, Refusal } from '../protocol/protocol-error.ts';
import type { PutEntry, Request, WirePath } from '../protocol/requests.ts';
import { answer, Done, FileDone, FileReport, ListReport, WalkBegun, WalkReport } from './answers.ts';
import type { Entry } from './answers.ts';
import { FileList, type Listing } from './file-list.ts';

/** What the files of a sandbox need from its connection. */
export interface FilesDoor {
  open(request: Request): Channel;
  /** The error that callers see for whatever went wrong. */
  explain(error: unknown): Error;
  /** Files may not be larger: of the workspace's disk limit. */
  readonly maxFileBytes: number;
  /** A walk may not have more entries. */
  readonly maxEntries: number;
}

interface FilePart {
  readonly bytes: Uint8Array | null;
  readonly stamp: string;
  readonly fresh: boolean;
}

export interface FileContent extends FilePart {
  readonly path: string;
}

export type LaidDown =
  | {
      readonly type: 'file';
      readonly path: string;
      readonly raw: boolean;
      readonly mode: number;
      readonly bytes: Uint8Array;
      readonly mtimeMs: number | null;
    }
  | { readonly type: 'symlink'; readonly path: string; readonly raw: boolean; readonly target: string }
  | { readonly type: 'directory'; readonly path: string; readonly raw: boolean; readonly mode: number };

const defaultReadBytes = 16 * 1024 * 1024;
const pathsPerMessage = 100;

/** The sandbox's files, through its supervisor. Every method rejects with the door's errors. */
export class RemoteFiles {
  readonly #door: FilesDoor;
  /** What the last walk found, so that the next one is told only what is different. */
  #walked: { readonly walk: number; readonly list: FileList } | null = null;

  constructor(door: FilesDoor) {
    this.#door = door;
  }

  read(path: string, options?: { readonly maxBytes?: number }): Promise<Uint8Array> {
    const maxBytes = options?.maxBytes ?? defaultReadBytes;
    return this.#ask({ op: 'read', path, raw: false, maxBytes }, async (channel) => {
      const content = await takeFile(channel, maxBytes);
      if (!content) throw new ProtocolError('A file was expected.');
      return content.bytes;
    });
  }

  write(
    path: string,
    bytes: Uint8Array,
    options?: { readonly mode?: number; readonly expected?: string | null },
  ): Promise<void> {
    const expected = options?.expected === undefined ? {} : { expected: options.expected };
    const request = { op: 'write', path, size: bytes.length, mode: options?.mode ?? null, ...expected } as const;
    return this.#ask(request, async (channel) => {
      await channel.write(bytes);
      await answer(channel, Done);
    });
  }

  remove(path: string): Promise<void> {
    return this.#ask({ op: 'remove', path }, async (channel) => {
      await answer(channel, Done);
    });
  }

  list(path: string): Promise<readonly Entry[]> {
    return this.#ask({ op: 'list', path }, async (channel) => {
      const entries: Entry[] = [];
      for (;;) {
        const report = await answer(channel, ListReport);
        if (report.is === 'done') return entries;
        entries.push(...report.entries);
        this.#checkCount(entries.length);
      }
    });
  }

  walk(): Promise<Listing> {
    const known = this.#walked;
    this.#walked = null;
    return this.#ask({ op: 'walk', since: known?.walk ?? null }, async (channel) => {
      const { since } = await answer(channel, WalkBegun);
      if (since !== null && since !== known?.walk) throw new ProtocolError('A walk came that was not asked for.');
      const list = since !== null && known ? known.list : new FileList();
      const leftOut: string[] = [];
      for (let told = 0; ;) {
        const report = await answer(channel, WalkReport);
        if (report.is === 'done') {
          this.#walked = { walk: report.walk, list };
          return { entries: list.entries(), leftOut };
        }
        list.take(report);
        leftOut.push(...report.leftOut);
        this.#checkCount((told += report.entries.length + report.leftOut.length));
        this.#checkCount(list.size);
      }
    });
  }

  async *readMany(paths: readonly WirePath[]): AsyncGenerator<FileContent> {
    const { maxFileBytes } = this.#door;
    let channel: Channel | null = null;
    try {
      channel = this.#door.open({ op: 'readMany', maxBytes: maxFileBytes });
      void sendPaths(channel, paths);
      for (const { path } of paths) {
        const content = await takeFile(channel, maxFileBytes);
        yield { path, ...partOf(content) };
      }
    } catch (error) {
      throw this.#door.explain(error);
    } finally {
      channel?.reset('abandoned', 'The reader has what it wanted.');
    }
  }

  readPart(
    { path, raw }: WirePath,
    { offset, length }: { readonly offset: number; readonly length: number },
  ): Promise<FilePart> {
    return this.#ask({ op: 'readPart', path, raw, offset, length }, async (channel) => {
      return partOf(await takeFile(channel, length));
    });
  }

  writePart(
    { path, raw }: WirePath,
    part: { readonly offset: number; readonly bytes: Uint8Array; readonly mtimeMs: number | null },
  ): Promise<void> {
    const { offset, bytes, mtimeMs } = part;
    return this.#ask({ op: 'writePart', path, raw, offset, mtimeMs, size: bytes.length }, async (channel) => {
      await channel.write(bytes);
      await answer(channel, Done);
    });
  }

  putMany(entries: AsyncIterable<LaidDown> | Iterable<LaidDown>): Promise<void> {
    return this.#ask({ op: 'putMany' }, async (channel) => {
      for await (const entry of entries) {
        await channel.send(withoutBytes(entry));
        if (entry.type === 'file') await channel.write(entry.bytes);
      }
      channel.end();
      await answer(channel, Done);
    });
  }

  removeMany(paths: readonly WirePath[]): Promise<void> {
    const deepestFirst = [...paths].sort((a, b) => depth(b) - depth(a));
    return this.#ask({ op: 'removeMany' }, async (channel) => {
      void sendPaths(channel, deepestFirst);
      await answer(channel, Done);
    });
  }

  #checkCount(count: number): void {
    const { maxEntries } = this.#door;
    if (count > maxEntries) throw new Refusal('too_large', `The workspace has more than ${maxEntries} files.`);
  }

  async #ask<T>(request: Request, act: (channel: Channel) => Promise<T>): Promise<T> {
    let channel: Channel | null = null;
    try {
      channel = this.#door.open(request);
      const result = await act(channel);
      channel.end();
      return result;
    } catch (error) {
      channel?.reset('abandoned', 'The request was given up.');
      throw this.#door.explain(error);
    }
  }
}

function partOf(content: TakenFile | null): FilePart {
  return content ?? { bytes: null, stamp: '', fresh: true };
}

interface TakenFile extends FilePart {
  readonly bytes: Buffer;
}

async function takeFile(channel: Channel, limit: number): Promise<TakenFile | null> {
  const report = await answer(channel, FileReport);
  if (report.is === 'missing') return null;
  if (report.size > limit) throw new ProtocolError('A file came that is larger than asked for.');
  const bytes = Buffer.allocUnsafeSlow(report.size);
  let at = 0;
  for await (const piece of channel.data(report.size)) {
    piece.copy(bytes, at);
    at += piece.length;
  }
  const { real, stamp, fresh } = await answer(channel, FileDone);
  return { bytes: bytes.subarray(0, Math.min(real, report.size)), stamp, fresh };
}

async function sendPaths(channel: Channel, paths: readonly WirePath[]): Promise<void> {
  try {
    for (let at = 0; at < paths.length; at += pathsPerMessage) {
      await channel.send(paths.slice(at, at + pathsPerMessage).map(({ path, raw }) => ({ path, raw })));
    }
    channel.end();
  } catch {
    // Whoever waits for the answers sees why.
  }
}

function depth({ path, raw }: WirePath): number {
  const bytes = raw ? Buffer.from(path, 'base64') : Buffer.from(path, 'utf8');
  return bytes.reduce((slashes, byte) => (byte === 0x2f ? slashes + 1 : slashes), 0);
}

function withoutBytes(entry: LaidDown): PutEntry {
  if (entry.type !== 'file') return entry;
  const { type, path, raw, mode, mtimeMs } = entry;
  return { type, path, raw, mode, mtimeMs, size: entry.bytes.length };
}
