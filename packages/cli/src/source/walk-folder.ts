import { constants, type Dirent, type Stats } from 'node:fs';
import { access, lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { limits } from '@devfactory/contracts';
import { systemCode } from '../failure.ts';

/** One thing in a folder that can be sent. `path` is relative to it. */
export type FolderEntry = { readonly path: string; readonly mode: number; readonly mtime: Date } & (
  | { readonly type: 'file'; readonly size: number }
  | { readonly type: 'directory' }
  | { readonly type: 'symlink'; readonly target: string }
);

/** A folder's contents, in byte order, and what of it cannot be sent and why. */
export interface FolderWalk {
  readonly entries: readonly FolderEntry[];
  readonly bytes: number;
  readonly problems: readonly string[];
}

const mostProblems = 20;

/** Walks a folder without following a single link. Stops early when there is too much of anything. */
export async function walkFolder(root: string): Promise<FolderWalk> {
  const walk = new Walk(root, await realpath(root));
  await walk.enter('');
  return {
    entries: walk.entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))),
    bytes: walk.bytes,
    problems: walk.problems,
  };
}

class Walk {
  readonly entries: FolderEntry[] = [];
  readonly problems: string[] = [];
  bytes = 0;
  readonly #root: string;
  readonly #realRoot: string;

  constructor(root: string, realRoot: string) {
    this.#root = root;
    this.#realRoot = realRoot;
  }

  async enter(folder: string): Promise<void> {
    for (const name of await this.#names(folder)) {
      if (this.#tooMuch()) return;
      await this.#take(folder === '' ? name : `${folder}/${name}`);
    }
  }

  async #names(folder: string): Promise<readonly string[]> {
    let found: Dirent<Buffer>[];
    try {
      found = await readdir(join(this.#root, folder), { encoding: 'buffer', withFileTypes: true });
    } catch (error) {
      this.problems.push(
        `${folder || '.'} cannot be read (${systemCode(error) ?? 'unknown error'}); allow it with chmod u+rx, or move it away`,
      );
      return [];
    }
    return found.flatMap(({ name }) => {
      const text = name.toString('utf8');
      if (Buffer.from(text).equals(name) && !text.includes('\\')) return [text];
      this.problems.push(
        `${join(folder, text)}: a ZIP cannot carry this name (${text.includes('\\') ? 'backslash' : 'not UTF-8'}); rename it`,
      );
      return [];
    });
  }

  async #take(path: string): Promise<void> {
    const found = await lstat(join(this.#root, path)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return null; // Gone since its folder was listed.
      throw error;
    });
    if (found === null) return;
    const common = { path, mode: found.mode & 0o777, mtime: found.mtime };
    if (found.isDirectory()) {
      this.entries.push({ ...common, type: 'directory' });
      return this.enter(path);
    }
    if (found.isSymbolicLink()) return this.#takeLink(common);
    if (found.isFile()) return this.#takeFile(common, found);
    this.problems.push(`${path} is a ${kindOf(found)}, which is no source; remove it`);
  }

  async #takeFile(common: Pick<FolderEntry, 'path' | 'mode' | 'mtime'>, { size }: Stats): Promise<void> {
    try {
      await access(join(this.#root, common.path), constants.R_OK);
    } catch (error) {
      this.problems.push(
        `${common.path} cannot be read (${systemCode(error) ?? 'unknown error'}); allow it with chmod u+r, or move it away`,
      );
      return;
    }
    this.bytes += size;
    this.entries.push({ ...common, type: 'file', size });
  }

  async #takeLink(common: Pick<FolderEntry, 'path' | 'mode' | 'mtime'>): Promise<void> {
    const target = await readlink(join(this.#root, common.path));
    if (
      target.startsWith('/') ||
      leaves(posix.join(dirname(common.path), target)) ||
      (await this.#reallyLeaves(common.path))
    ) {
      this.problems.push(
        `${common.path} is a link to ${target}, which is outside of the folder; replace it by a copy, or remove it`,
      );
      return;
    }
    this.entries.push({ ...common, type: 'symlink', target });
  }

  /** Over other links a path can leave although its own words do not. Links that lead nowhere or in a circle lead nowhere outside. */
  async #reallyLeaves(path: string): Promise<boolean> {
    try {
      return leaves(relative(this.#realRoot, await realpath(join(this.#root, path))));
    } catch {
      return false;
    }
  }

  #tooMuch(): boolean {
    if (this.problems.length >= mostProblems) return true;
    const tooMany = this.entries.length > limits.sourceFiles;
    if (tooMany || this.bytes > limits.sourceBytes) {
      const most = tooMany ? `${limits.sourceFiles} files` : `${limits.sourceBytes / 1e9} GB`;
      this.problems.push(`it holds more than ${most}; leave out what can be made again (node_modules, build folders)`);
      return true;
    }
    return false;
  }
}

function leaves(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`);
}

function kindOf(found: Stats): string {
  if (found.isFIFO()) return 'FIFO';
  if (found.isSocket()) return 'socket';
  return found.isBlockDevice() || found.isCharacterDevice() ? 'device' : 'special file';
}
