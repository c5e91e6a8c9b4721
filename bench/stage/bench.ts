import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How much is measured: `quick` for a look, `long` with the largest folders. */
export type Size = 'quick' | 'usual' | 'long';

/** What one row is given: how large it may be, and where to leave what must be gone afterwards. */
export class Bench {
  readonly size: Size;
  readonly #endings: (() => Promise<void>)[] = [];
  #ending: Promise<void> | null = null;

  constructor(size: Size) {
    this.size = size;
  }

  /** The first when only a look is wanted. */
  pick(quick: number, usual: number): number {
    return this.size === 'quick' ? quick : usual;
  }

  /** Runs when the row is done or broken off, last come first. What comes after that is ended at once. */
  after(ending: () => Promise<void>): void {
    this.#endings.push(ending);
    if (this.#ending) this.#ending = this.#ending.then(() => this.#endAll());
  }

  /** A folder that goes away with the row. Readable to all: as root, database and sandboxes have users of their own. */
  async folder(name: string): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), `devfactory-bench-${name}-`));
    this.after(() => rm(path, { recursive: true, force: true }));
    await chmod(path, 0o755);
    return path;
  }

  /** Ends everything that the row opened. May be called several times, also while it goes on: each waits for all of it. */
  async end(): Promise<void> {
    this.#ending ??= this.#endAll();
    for (let waited = null; waited !== this.#ending;) {
      waited = this.#ending;
      await waited;
    }
  }

  /** One failure does not keep the others. */
  async #endAll(): Promise<void> {
    for (let ending = this.#endings.pop(); ending; ending = this.#endings.pop()) {
      await ending().catch((error: unknown) => process.stderr.write(`bench: cleaning up failed: ${String(error)}\n`));
    }
  }
}
