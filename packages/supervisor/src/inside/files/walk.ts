import { lstatSync } from 'node:fs';
import { isCache } from '../../caches.ts';
import type { Channel } from '../../protocol/channel.ts';
import { Batches } from './batches.ts';
import { breathe } from './breathe.ts';
import { entryOf, lookAtAll, sortedNames, type Look } from './entry.ts';
import { codeOf, type Folder } from './folder.ts';
import { goneBelow, nothingSeen, SeenFolder, SeenReader } from './seen-folder.ts';
import { bytesOf } from './wire-path.ts';
import { isTemporary } from './write.ts';

/** Names that are looked at before others get their turn. */
const sliceNames = 500;
/** Each level holds a file descriptor. */
const maxDepth = 2_000;

interface Place {
  /** The folder's path with a slash at its end; '' for the workspace. */
  readonly prefix: string;
  readonly depth: number;
  /** What the walk before saw in it. */
  readonly before: SeenFolder;
}

interface Child {
  readonly folder: Folder;
  readonly name: string;
  readonly path: string;
  readonly look: Look;
  /** Its number in what the walk before saw; -1 when it is new. */
  readonly index: number;
}

/**
 * One walk: tells what differs from what an earlier one saw. Depth first, siblings in byte order, a folder before what it holds.
 * Names and paths are strings of bytes here, one character each.
 */
export class Walker {
  readonly #out: Batches;
  readonly #mounts: ReadonlySet<string>;

  constructor(channel: Channel, mounts: readonly string[]) {
    this.#out = new Batches(channel);
    this.#mounts = new Set(mounts.map((mount) => Buffer.from(mount).toString('latin1')));
  }

  /** Gives what it saw, after all of it was told. */
  async walk(root: Folder, before: SeenFolder): Promise<SeenFolder> {
    const seen = await this.#walk(root, { prefix: '', depth: 0, before });
    await this.#out.flush();
    return seen;
  }

  async #walk(folder: Folder, place: Place): Promise<SeenFolder> {
    const { prefix, before } = place;
    const all = sortedNames(folder);
    const siblings = new Set(all);
    const seen = new SeenFolder(all.length);
    const old = new SeenReader(before);
    for (let start = 0; start < all.length; start += sliceNames) {
      await breathe();
      const names = all.slice(start, start + sliceNames);
      for (const [at, look] of lookAtAll(folder, names).entries()) {
        const name = names[at] ?? '';
        if (look === null || isTemporary(name)) continue;
        for (const gone of old.upTo(name)) await this.#tellGone(prefix + gone, before.folders.get(gone));
        const child = { folder, name, path: prefix + name, look, index: old.take(name) };
        if (typeof look !== 'string' && look.isDirectory()) await this.#enter(child, { ...place, seen, siblings });
        else {
          seen.add(name, look);
          if (seen.endsLike(before, child.index)) continue;
          await this.#tell(child);
        }
        // What was an open folder before and is none any more took its contents with it.
        const lost = seen.folders.has(name) ? undefined : before.folders.get(name);
        if (lost) await this.#out.goneAll(goneBelow(lost, child.path));
      }
    }
    for (const gone of old.upTo(null)) await this.#tellGone(prefix + gone, before.folders.get(gone));
    return seen;
  }

  async #enter(
    child: Child,
    { depth, before, seen, siblings }: Place & { readonly seen: SeenFolder; readonly siblings: ReadonlySet<string> },
  ): Promise<void> {
    const { folder, name, path, look, index } = child;
    if (this.#mounts.has(path) || isCache(name, siblings, (inside) => isThere(folder, `${name}/${inside}`))) {
      await this.#out.leaveOut(bytesOf(path).toString());
      if (index >= 0) await this.#out.goneAll([path]);
      return;
    }
    const open = enter(folder, name, depth);
    if (typeof open === 'string') {
      seen.add(name, open);
      await this.#tell(child, open);
      return;
    }
    try {
      seen.add(name, look);
      if (!seen.endsLike(before, index)) await this.#tell(child);
      const inside = { prefix: `${path}/`, depth: depth + 1, before: before.folders.get(name) ?? nothingSeen };
      seen.folders.set(name, await this.#walk(open, inside));
    } finally {
      open.close();
    }
  }

  #tell({ folder, name, path, look }: Child, unreadable: string | null = null): Promise<void> {
    const entry = entryOf(look, { folder, name: bytesOf(name), path: bytesOf(path) });
    return this.#out.add(unreadable === null ? entry : { ...entry, unreadable });
  }

  async #tellGone(path: string, folder: SeenFolder | undefined): Promise<void> {
    await this.#out.goneAll([path]);
    if (folder) await this.#out.goneAll(goneBelow(folder, path));
  }
}

/** The open folder, or the system's word for why it cannot be opened. */
function enter(parent: Folder, name: string, depth: number): Folder | string {
  if (depth >= maxDepth) return 'ENAMETOOLONG';
  try {
    return parent.enter(bytesOf(name));
  } catch (error) {
    return codeOf(error) || 'EIO';
  }
}

function isThere(parent: Folder, path: string): boolean {
  try {
    return lstatSync(parent.at(bytesOf(path))).isFile();
  } catch {
    return false;
  }
}
