import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, unlinkSync } from 'node:fs';

const { O_RDONLY, O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
const poolSize = 48;
const refillBelow = 12;

/** Both ends of one pipe, as file descriptors: ours reads and does not block, the program's writes and does. */
export interface Pipe {
  readonly ours: number;
  readonly theirs: number;
}

/**
 * Real pipes for the programs' output. What Node would give them are sockets, which no program can open again by name:
 * `echo oops > /dev/stderr` fails there. Node has no call for a pipe, so named ones are made ahead, and unlinked when they are taken.
 */
export class PipePool {
  readonly #folder: string;
  readonly #names: string[] = [];
  #made = 0;
  #filling: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { mode: 0o700, recursive: true });
    void this.#fill();
  }

  /** Null where no pipe can be made. */
  async take(): Promise<Pipe | null> {
    const pipe = await this.#next();
    if (pipe) return pipe;
    // Whoever runs inside may have removed all of them.
    this.#names.length = 0;
    return this.#next();
  }

  async #next(): Promise<Pipe | null> {
    if (this.#names.length === 0) await this.#fill();
    const name = this.#names.shift();
    if (this.#names.length < refillBelow) void this.#fill();
    return name === undefined ? null : openPipe(name);
  }

  #fill(): Promise<void> {
    this.#filling ??= this.#make().finally(() => {
      this.#filling = null;
    });
    return this.#filling;
  }

  async #make(): Promise<void> {
    const names = Array.from({ length: poolSize }, () => `${this.#folder}/${this.#made++}`);
    await new Promise<void>((resolve) => {
      const child = spawn('mkfifo', ['-m', '600', ...names], { stdio: 'ignore', cwd: '/' });
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    // It may have been killed half-way, together with a task's last processes.
    this.#names.push(...names.filter((name) => lstatSync(name, { throwIfNoEntry: false })?.isFIFO()));
  }
}

/** Once the first end is open, the other is opened through it: nobody can slip something else under the name. */
function openPipe(name: string): Pipe | null {
  try {
    const ours = openSync(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    unlinkSync(name);
    if (fstatSync(ours).isFIFO()) return { ours, theirs: openSync(`/proc/self/fd/${ours}`, O_WRONLY) };
    closeSync(ours);
    return null;
  } catch {
    return null;
  }
}
