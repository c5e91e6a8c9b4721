import type { Channel } from '../../protocol/channel.ts';
import { Batches } from './batches.ts';
import { entryOf, lookAtAll, sortedNames } from './entry.ts';
import { descend, Folder, refusalOf } from './folder.ts';
import { followInside } from './follow.ts';
import { nothingSeen, type SeenFolder } from './seen-folder.ts';
import { Walker } from './walk.ts';
import { bytesOf, parsePath, shown } from './wire-path.ts';
import { isTemporary } from './write.ts';

/** Looks over the workspace's files, and remembers what its last whole walk saw. */
export class Sight {
  readonly #root: string;
  readonly #mounts: readonly string[];
  #walks = 0;
  #last: { readonly walk: number; readonly seen: SeenFolder } | null = null;

  constructor(settings: { readonly root: string; readonly mounts: readonly string[] }) {
    this.#root = settings.root;
    this.#mounts = settings.mounts;
  }

  /**
   * Answers 'entries' in batches, then 'done' with the number of this walk. Everything is looked at; told is only what differs
   * from walk number `since`, and 'done' says whether that walk was still remembered.
   */
  async walk(channel: Channel, since: number | null): Promise<void> {
    const before = this.#last?.walk === since ? this.#last.seen : null;
    const walk = (this.#walks += 1);
    await channel.send({ is: 'walk', since: before ? since : null });
    const root = Folder.root(this.#root);
    try {
      const seen = await new Walker(channel, this.#mounts).walk(root, before ?? nothingSeen);
      this.#last = { walk, seen };
    } finally {
      root.close();
    }
    await channel.send({ is: 'done', walk });
    channel.end();
  }

  /** The entries of one folder: 'entries' in batches, then 'done'. */
  async list(channel: Channel, path: string): Promise<void> {
    const names = followInside(this.#root, parsePath({ path, raw: false }));
    const out = new Batches(channel);
    const prefix = names.map((name) => `${name.toString('latin1')}/`).join('');
    const folder = openAsked(this.#root, names);
    try {
      const inside = sortedNames(folder).filter((name) => !isTemporary(name));
      for (const [index, look] of lookAtAll(folder, inside).entries()) {
        const name = inside[index] ?? '';
        if (look !== null) await out.add(entryOf(look, { folder, name: bytesOf(name), path: bytesOf(prefix + name) }));
      }
    } finally {
      folder.close();
    }
    await out.flush();
    await channel.send({ is: 'done' });
    channel.end();
  }
}

function openAsked(root: string, names: readonly Buffer[]): Folder {
  try {
    return descend(root, names);
  } catch (error) {
    throw refusalOf(error, names.length > 0 ? names : [Buffer.from(shown(names))]);
  }
}
