import type { Look } from './entry.ts';

/** mtime, ctime, size, inode and mode. */
const fields = 5;
const untold = 2n ** 64n - 1n;

/** What a walk saw in one folder, so that the next walk has to tell only what is different. */
export class SeenFolder {
  readonly names: string[] = [];
  readonly folders = new Map<string, SeenFolder>();
  readonly #stats: BigUint64Array;

  constructor(capacity: number) {
    this.#stats = new BigUint64Array(capacity * fields);
  }

  /** Notes what comes next, in byte order of the name. What could not be looked at differs from everything. */
  add(name: string, look: Look): void {
    const at = this.names.push(name) * fields - fields;
    const stats = this.#stats;
    if (typeof look === 'string') stats[at + 1] = untold;
    else {
      stats[at] = look.mtimeNs;
      // Cannot be set by hand, so it also tells where everything else was put back.
      stats[at + 1] = look.ctimeNs;
      stats[at + 2] = look.size;
      stats[at + 3] = look.ino;
      stats[at + 4] = look.mode;
    }
  }

  /** Whether the entry that was added last is the same as number `index` of the other. */
  endsLike(other: SeenFolder, index: number): boolean {
    const mine = this.names.length * fields - fields;
    const theirs = index * fields;
    if (index < 0 || this.#stats[mine + 1] === untold) return false;
    for (let field = 0; field < fields; field += 1)
      if (this.#stats[mine + field] !== other.#stats[theirs + field]) return false;
    return true;
  }
}

export const nothingSeen = new SeenFolder(0);

/** Goes through the names of a folder in step with another row of names in the same order. */
export class SeenReader {
  readonly #names: readonly string[];
  #at = 0;

  constructor(folder: SeenFolder) {
    this.#names = folder.names;
  }

  /** Names that come before `name`, all that are left for null. */
  *upTo(name: string | null): Iterable<string> {
    for (; ; this.#at += 1) {
      const next = this.#names[this.#at];
      if (next === undefined || (name !== null && next >= name)) return;
      yield next;
    }
  }

  /** The number of `name`, which comes next if it is there at all; -1 when it is not. */
  take(name: string): number {
    if (this.#names[this.#at] !== name) return -1;
    this.#at += 1;
    return this.#at - 1;
  }
}

/** Paths of everything that was seen below a folder. */
export function* goneBelow(folder: SeenFolder, path: string): Iterable<string> {
  for (const name of folder.names) {
    const below = `${path}/${name}`;
    yield below;
    const inside = folder.folders.get(name);
    if (inside) yield* goneBelow(inside, below);
  }
}
