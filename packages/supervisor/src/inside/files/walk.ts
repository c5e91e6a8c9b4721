import { lstatSync, readdirSync } from 'node:fs';
import { isCache } from '../../caches.ts';
import type { Channel } from '../../protocol/channel.ts';
import { breathe } from './breathe.ts';
import { lookAt } from './entry.ts';
import type { Entry } from './entry.ts';
import { codeOf, descend, Folder, refusalOf } from './folder.ts';
import { followInside } from './follow.ts';
import { joinBytes, parsePath, shown } from './wire-path.ts';
import { isTemporary } from './write.ts';

const batchEntries = 100;
const batchBytes = 48 * 1024;
/** Each level holds a file descriptor. */
const maxDepth = 2_000;

/** Answers 'entries' in batches, 'leftOut', then 'done'. Depth first, siblings in byte order, a folder before what it holds. */
export async function walk(channel: Channel, settings: { root: string; mounts: readonly string[] }): Promise<void> {
  const walker = new Walker(channel, new Set(settings.mounts));
  const root = Folder.root(settings.root);
  try {
    await walker.walk(root, Buffer.alloc(0), 0);
  } finally {
    root.close();
  }
  await walker.finish();
  channel.end();
}

class Walker {
  readonly #out: Batches;
  readonly #mounts: ReadonlySet<string>;

  constructor(channel: Channel, mounts: ReadonlySet<string>) {
    this.#out = new Batches(channel);
    this.#mounts = mounts;
  }

  async walk(folder: Folder, prefix: Buffer, depth: number): Promise<void> {
    const names = sortedNames(folder);
    const siblings = new Set(names.map((name) => name.toString('latin1')));
    for (const name of names) {
      if (!isTemporary(name)) await this.#visit(folder, { name, siblings, prefix, depth });
      await breathe();
    }
  }

  finish(): Promise<void> {
    return this.#out.finish();
  }

  async #visit(
    folder: Folder,
    at: { name: Buffer; siblings: ReadonlySet<string>; prefix: Buffer; depth: number },
  ): Promise<void> {
    const entry = lookAt(folder, at.name, at.prefix);
    if (!entry) return;
    if (entry.type !== 'directory') {
      await this.#out.add(entry);
      return;
    }
    const isMount = !entry.raw && this.#mounts.has(entry.path);
    if (isMount || isCache(at.name.toString('latin1'), at.siblings, (name) => isThere(folder, at.name, name))) {
      await this.#out.leaveOut(entry.path);
      return;
    }
    const child = open(folder, at.name, at.depth);
    if (typeof child === 'string') {
      await this.#out.add({ ...entry, unreadable: child });
      return;
    }
    try {
      await this.#out.add(entry);
      await this.walk(child, joinBytes(at.prefix, at.name), at.depth + 1);
    } finally {
      child.close();
    }
  }
}

function sortedNames(folder: Folder): Buffer[] {
  try {
    return readdirSync(folder.path, { encoding: 'buffer' }).sort((a, b) => a.compare(b));
  } catch {
    // The folder was removed while it was open.
    return [];
  }
}

/** The open folder, or the system's word for why it cannot be opened. */
function open(parent: Folder, name: Buffer, depth: number): Folder | string {
  if (depth >= maxDepth) return 'ENAMETOOLONG';
  try {
    return parent.enter(name);
  } catch (error) {
    return codeOf(error) || 'EIO';
  }
}

function isThere(parent: Folder, folder: Buffer, name: string): boolean {
  try {
    return lstatSync(parent.at(joinBytes(folder, Buffer.from(name)))).isFile();
  } catch {
    return false;
  }
}

/** Puts entries into messages of bounded size. */
class Batches {
  readonly #channel: Channel;
  #entries: Entry[] = [];
  #leftOut: string[] = [];
  #bytes = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  async add(entry: Entry): Promise<void> {
    this.#entries.push(entry);
    await this.#count(200 + 2 * entry.path.length + 2 * (entry.target?.length ?? 0));
  }

  async leaveOut(path: string): Promise<void> {
    this.#leftOut.push(path);
    await this.#count(2 * path.length);
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#channel.send({ is: 'done' });
  }

  async #count(bytes: number): Promise<void> {
    this.#bytes += bytes;
    if (this.#bytes > batchBytes || this.#entries.length >= batchEntries) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#entries.length === 0 && this.#leftOut.length === 0) return;
    const message = { is: 'entries', entries: this.#entries, leftOut: this.#leftOut };
    this.#entries = [];
    this.#leftOut = [];
    this.#bytes = 0;
    await this.#channel.send(message);
  }
}

/** The entries of one folder; answers like `walk`. */
export async function list(channel: Channel, root: string, path: string): Promise<void> {
  const names = followInside(root, parsePath({ path, raw: false }));
  const out = new Batches(channel);
  const prefix = Buffer.from(names.map((name) => name.toString('latin1')).join('/'), 'latin1');
  const folder = openAsked(root, names);
  try {
    for (const name of sortedNames(folder)) {
      const entry = isTemporary(name) ? null : lookAt(folder, name, prefix);
      if (entry) await out.add(entry);
    }
  } finally {
    folder.close();
  }
  await out.finish();
  channel.end();
}

function openAsked(root: string, names: readonly Buffer[]): Folder {
  try {
    return descend(root, names);
  } catch (error) {
    throw refusalOf(error, names.length > 0 ? names : [Buffer.from(shown(names))]);
  }
}
