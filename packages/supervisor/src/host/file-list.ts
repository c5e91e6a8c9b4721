import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Entries, Entry } from './answers.ts';

/** What a walk found, as callers get it. Entries that did not change since the walk before are the same objects. */
export interface Listing {
  readonly entries: readonly Entry[];
  readonly leftOut: readonly string[];
}

/** The workspace's files as of the last walk, kept up by what the next walks tell. */
export class FileList {
  /** By the path's bytes, one character each. */
  #entries = new Map<string, Entry>();
  #isSorted = true;

  get size(): number {
    return this.#entries.size;
  }

  /** Takes in what differs. Throws ProtocolError when something is said to be gone that never was there. */
  take({ entries, gone }: Pick<Entries, 'entries' | 'gone'>): void {
    for (const path of gone)
      if (!this.#entries.delete(path)) throw new ProtocolError('A file is gone that was never there.');
    const before = this.#entries.size;
    for (const entry of entries) this.#entries.set(bytesOf(entry), entry);
    if (this.#entries.size > before) this.#isSorted = false;
  }

  /** Depth first, siblings in byte order, a folder before what it holds. */
  entries(): readonly Entry[] {
    if (!this.#isSorted) {
      // No name holds a NUL, so with it for the slash a folder's contents come right after it.
      const keyed = [...this.#entries].map(([path, entry]) => ({ order: path.replaceAll('/', '\0'), path, entry }));
      keyed.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
      this.#entries = new Map(keyed.map(({ path, entry }) => [path, entry]));
      this.#isSorted = true;
    }
    return [...this.#entries.values()];
  }
}

function bytesOf({ path, raw }: Entry): string {
  if (raw) return Buffer.from(path, 'base64').toString('latin1');
  return /^[\0-\x7f]*$/.test(path) ? path : Buffer.from(path).toString('latin1');
}
