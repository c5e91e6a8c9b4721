import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const folder = 'condemned';

/**
 * Files on their way out. A file leaves its name before it is looked at for the last time, so nobody can make it new between the
 * look and the end: who stores the same bytes then finds the name free and writes anew. One that turns out to be new comes back,
 * also after a kill between the two, when somebody asks for it.
 */
export class Condemned {
  readonly #directory: string;
  readonly #pathOf: (digest: string) => string;

  constructor(directory: string, pathOf: (digest: string) => string) {
    this.#directory = directory;
    this.#pathOf = pathOf;
  }

  /** False when it was stored since `before`, or is not there. */
  async remove(digest: string, before: number): Promise<boolean> {
    await mkdir(join(this.#directory, folder), { recursive: true, mode: 0o700 });
    const out = join(this.#directory, folder, `${digest}.${randomUUID()}`);
    if (!(await quietly(rename(join(this.#directory, this.#pathOf(digest)), out)))) return false;
    const found = await stat(out).catch(() => null);
    // Whoever brought it back took it from here: it is not removed then.
    if (!found) return false;
    if (found.mtimeMs >= before) {
      await this.#return(digest, out);
      return false;
    }
    await rm(out, { force: true });
    return true;
  }

  /** Whether there may be something by this name now; without a name, all that a kill left here comes back. */
  async bringBack(digest = ''): Promise<boolean> {
    const all = await readdir(join(this.#directory, folder)).catch((): string[] => []);
    const mine = all.filter((name) => name.startsWith(digest));
    for (const name of mine) await this.#return(name.slice(0, 64), join(this.#directory, folder, name));
    return mine.length > 0;
  }

  async #return(digest: string, out: string): Promise<void> {
    const path = join(this.#directory, this.#pathOf(digest));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await quietly(link(out, path));
    await rm(out, { force: true });
  }
}

/** False when it is not there any more, or when the place is taken by the same bytes. */
async function quietly(act: Promise<void>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EEXIST') return false;
    throw error;
  }
}
