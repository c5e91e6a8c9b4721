import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '@devfactory/kit';

const incoming = 'incoming';
/** Tells this process's temporary files from those of a dead one that had the same number. */
const life = randomUUID();
const forgottenMs = 24 * 3600 * 1000;

/** Writes files into a folder so that each is either whole, named and on the disk, or not there at all. */
export class DurableFolder {
  readonly #directory: string;
  readonly #known = new Set<string>();
  #ready: Promise<void> | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Lets `fill` write a temporary file and gives it the name that `fill` answers with. Throws disk_full, leaving nothing behind. */
  async write(fill: (file: FileHandle) => Promise<string>): Promise<void> {
    try {
      this.#ready ??= this.#prepare();
      await this.#ready;
      await this.#fillAndName(fill);
    } catch (error) {
      this.#known.clear();
      this.#ready = null;
      throw this.#explain(error);
    }
  }

  /** Makes the name of a file that is there already survive a power cut. */
  async settle(path: string): Promise<void> {
    await syncFolder(join(this.#directory, dirname(path)));
  }

  async #fillAndName(fill: (file: FileHandle) => Promise<string>): Promise<void> {
    const temporary = join(this.#directory, incoming, `${process.pid}-${life}-${randomUUID()}`);
    const file = await open(temporary, 'wx', 0o600);
    try {
      let path: string;
      try {
        path = await fill(file);
        // Bytes and folders are on the disk before the name is given, in whichever order.
        await Promise.all([file.sync(), this.#folder(dirname(path))]);
      } finally {
        await file.close();
      }
      await rename(temporary, join(this.#directory, path));
      await this.settle(path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Makes a folder and its parents durable, once per process. */
  async #folder(path: string): Promise<void> {
    if (path === '.' || this.#known.has(path)) return;
    await mkdir(join(this.#directory, path), { recursive: true, mode: 0o700 });
    await Promise.all([this.#folder(dirname(path)), syncFolder(join(this.#directory, dirname(path)))]);
    this.#known.add(path);
  }

  async #prepare(): Promise<void> {
    const made = await mkdir(join(this.#directory, incoming), { recursive: true, mode: 0o700 });
    // Every folder on the way that was new must have its name on the disk before a blob below it counts as durable.
    for (let path = join(this.#directory, incoming); made && path.length >= made.length; path = dirname(path))
      await syncFolder(dirname(path));
    for (const name of await readdir(join(this.#directory, incoming))) {
      const path = join(this.#directory, incoming, name);
      if (await isForgotten(path, name)) await rm(path, { force: true });
    }
  }

  #explain(error: unknown): unknown {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return error;
    const message = `The disk that holds ${this.#directory} is full, so nothing was stored. Free some space there, then try again.`;
    return new DomainError('disk_full', 'unavailable', { message, cause: error });
  }
}

/** A temporary file whose writer is gone. Another worker on the same folder may still be writing its own. */
async function isForgotten(path: string, name: string): Promise<boolean> {
  if (name.startsWith(`${process.pid}-`)) return !name.startsWith(`${process.pid}-${life}-`);
  if (!isAlive(Number.parseInt(name, 10))) return true;
  // The number may belong to a stranger by now: nobody writes one blob for a day.
  const written = await stat(path).catch(() => null);
  return written !== null && Date.now() - written.mtimeMs > forgottenMs;
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
