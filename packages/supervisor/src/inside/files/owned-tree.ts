import { chmodSync, fstatSync, lstatSync } from 'node:fs';
import { breathe } from './breathe.ts';
import { codeOf, Folder, refusalOf } from './folder.ts';

interface Deferred {
  readonly names: readonly Buffer[];
  readonly mode: number;
}

const key = (names: readonly Buffer[]): string => names.map((name) => name.toString('latin1')).join('/');

/**
 * The workspace as its owner sees it who may change everything in it, read-only folders included: those are opened up while
 * work goes on, and get their mode back with `finish`.
 */
export class OwnedTree {
  readonly #root: string;
  readonly #modes = new Map<string, Deferred>();
  #current: { readonly key: string; readonly folder: Folder } | null = null;

  constructor(root: string) {
    this.#root = root;
  }

  /** The folder, open until the next call. Neighbours come one after the other, so the last one is kept. */
  folder(names: readonly Buffer[]): Folder {
    const wanted = key(names);
    if (this.#current?.key === wanted) return this.#current.folder;
    this.#current?.folder.close();
    this.#current = null;
    let folder = Folder.root(this.#root);
    for (const [index, name] of names.entries()) {
      try {
        const next = this.#enter(folder, names.slice(0, index + 1), name);
        folder.close();
        folder = next;
      } catch (error) {
        folder.close();
        throw refusalOf(error, names.slice(0, index + 1));
      }
    }
    this.#current = { key: wanted, folder };
    return folder;
  }

  /** Does something that needs write permission on the folder `names`. */
  change<T>(names: readonly Buffer[], act: (folder: Folder) => T): T {
    const folder = this.folder(names);
    try {
      return act(folder);
    } catch (error) {
      if (codeOf(error) !== 'EACCES') throw error;
      const mode = fstatSync(folder.fd).mode & 0o7777;
      this.#remember(names, mode);
      chmodSync(folder.path, mode | 0o700);
      return act(folder);
    }
  }

  /** The mode that a folder shall have in the end. */
  setMode(names: readonly Buffer[], mode: number): void {
    this.#modes.set(key(names), { names, mode });
  }

  forgetMode(names: readonly Buffer[]): void {
    this.#modes.delete(key(names));
  }

  async finish(): Promise<void> {
    const deepestFirst = [...this.#modes.values()].sort((a, b) => b.names.length - a.names.length);
    this.#modes.clear();
    for (const { names, mode } of deepestFirst) {
      await breathe();
      const folder = this.folder(names);
      if ((fstatSync(folder.fd).mode & 0o7777) !== mode) chmodSync(folder.path, mode);
    }
    this.close();
  }

  close(): void {
    this.#current?.folder.close();
    this.#current = null;
  }

  #enter(folder: Folder, names: readonly Buffer[], name: Buffer): Folder {
    try {
      return folder.enter(name);
    } catch (error) {
      const stats = lstatSync(folder.at(name), { throwIfNoEntry: false });
      if (codeOf(error) !== 'EACCES' || !stats?.isDirectory()) throw error;
      this.#remember(names, stats.mode & 0o7777);
      chmodSync(folder.at(name), (stats.mode & 0o7777) | 0o700);
      return folder.enter(name);
    }
  }

  /** What the folder had before the first change counts, unless a wish was said already. */
  #remember(names: readonly Buffer[], mode: number): void {
    if (!this.#modes.has(key(names))) this.#modes.set(key(names), { names, mode });
  }
}
