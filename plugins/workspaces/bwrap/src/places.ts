import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { failure } from './errors.ts';
import { removedFew } from './remove-few.ts';
import { allocateUser } from './users.ts';

const run = promisify(execFile);
const idPattern = /^[a-z0-9-]{1,60}$/;
const temporary = '.removed-';

/** A workspace's folders on the host, and the user that owns them. */
export interface Place {
  readonly files: string;
  readonly home: string;
  /** Kept when the workspace was ended for its size. */
  readonly record: string;
  /** Null where this process may not change users: sandboxes then run as the same user. */
  readonly uid: number | null;
}

/** Where the workspaces of one installation lie. Knows folders and owners; never opens a file that belongs to a workspace. */
export class Places {
  readonly #root: string;
  readonly #isRoot: boolean;

  constructor(dataDir: string) {
    this.#root = join(dataDir, 'workspaces');
    this.#isRoot = process.getuid?.() === 0;
  }

  get owner(): string {
    return this.#isRoot
      ? 'each workspace has a user of its own'
      : `all workspaces belong to user ${process.getuid?.()}`;
  }

  shortcomings(place: Place): string[] {
    return place.uid === null
      ? [
          'Users: all workspaces belong to one user (only root can give each its own); namespaces alone keep them apart.',
        ]
      : [];
  }

  /** Tells this installation's cgroups from those of another one on the machine. */
  groupPrefix(): string {
    return `${createHash('sha256').update(this.#root).digest('hex').slice(0, 8)}-`;
  }

  /** Makes the root and looks whether other users can get there at all. */
  async prepare(): Promise<void> {
    await mkdir(this.#root, { recursive: true, mode: 0o711 });
    if (!this.#isRoot) return;
    await chmod(this.#root, 0o711);
    for (let folder = dirname(this.#root); ; folder = dirname(folder)) {
      const { mode } = await stat(folder);
      if ((mode & 0o001) === 0 && folder === dirname(this.#root)) {
        // The data directory is ours to arrange: what is private in it has modes of its own.
        await chmod(folder, (mode & 0o7777) | 0o001);
      } else if ((mode & 0o001) === 0) {
        throw failure(
          'workspace_unavailable',
          `Sandboxes run as users of their own and cannot pass through ${folder} (mode ${(mode & 0o777).toString(8)}). Run: chmod o+x ${folder} - or choose another data directory.`,
        );
      }
      if (folder === dirname(folder)) return;
    }
  }

  /** The folders of a workspace, made when they are not there. */
  async open(id: string): Promise<Place> {
    const folder = this.#folder(id);
    const found = await this.find(id);
    if (found) return found;
    const uid = this.#isRoot ? await allocateUser(this.#root) : null;
    const draft = join(this.#root, `${temporary}${id}.${process.pid}`);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    for (const name of ['files', 'home']) {
      await mkdir(join(draft, name));
      await chmod(join(draft, name), 0o755);
      if (uid !== null) await chown(join(draft, name), uid, uid);
    }
    if (uid !== null) await chown(draft, 0, uid);
    // The group may pass through, so that another sandbox can be shown a folder in here.
    await chmod(draft, uid === null ? 0o700 : 0o710);
    await rename(draft, folder);
    return { ...inside(folder), uid };
  }

  /** Null when there is no such workspace. */
  async find(id: string): Promise<Place | null> {
    const folder = this.#folder(id);
    try {
      const { uid } = await lstat(join(folder, 'files'));
      return { ...inside(folder), uid: this.#isRoot ? uid : null };
    } catch {
      return null;
    }
  }

  /** Moves the folder out of sight and removes it. What its owner made read-only goes too. */
  async remove(id: string): Promise<void> {
    const doomed = join(this.#root, `${temporary}${id}.${process.pid}`);
    try {
      await rename(this.#folder(id), doomed);
    } catch {
      return;
    }
    await this.#delete(doomed);
  }

  /** Null when there is no such workspace. Counted from outside, without following or opening anything; what is closed to us counts as nothing. */
  async usage(id: string): Promise<{ readonly bytes: number; readonly files: number } | null> {
    const folder = this.#folder(id);
    if ((await this.find(id)) === null) return null;
    const sizes = (await du(['--block-size=1', folder])) ?? 0;
    const entries = (await du(['--inodes', folder])) ?? 0;
    return { bytes: sizes, files: entries };
  }

  async list(): Promise<readonly string[]> {
    const names = await readdir(this.#root).catch(() => []);
    return names.filter((name) => idPattern.test(name)).sort();
  }

  /** What an interrupted removal left. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.#root)) {
      if (name.startsWith(temporary)) await this.#delete(join(this.#root, name));
    }
  }

  /** With tools that know names only as bytes, and never follow a link. */
  async #delete(folder: string): Promise<void> {
    if (removedFew(folder)) return;
    if (!this.#isRoot)
      await run('find', ['-P', folder, '-type', 'd', '!', '-perm', '-700', '-exec', 'chmod', '700', '{}', ';']);
    await run('rm', ['-rf', '--', folder]);
  }

  #folder(id: string): string {
    if (!idPattern.test(id))
      throw failure('workspace_id', `'${id.slice(0, 80)}' is no workspace id: a-z, 0-9 and '-', at most 60.`);
    return join(this.#root, id);
  }
}

/** One number of du; null when it says none. It ends with 1 when files go away under it, and has counted the rest. */
async function du(args: readonly string[]): Promise<number | null> {
  const { stdout } = await run('du', ['-s', '-x', ...args]).catch((error: unknown) => ({
    stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : '',
  }));
  const found = /^(\d+)/.exec(stdout);
  return found ? Number(found[1]) : null;
}

function inside(folder: string): Omit<Place, 'uid'> {
  return { files: join(folder, 'files'), home: join(folder, 'home'), record: join(folder, 'ended-for-size.json') };
}
