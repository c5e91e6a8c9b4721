import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const serve = fileURLToPath(new URL('../../../backend/dist/serve.js', import.meta.url));

/** The command starts the built back end: `npm test` builds it first. */
export const isBuilt = existsSync(serve);

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

/** A command that runs, with what it has said so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout and stderr together hold `text`. Throws with all it said when it ends before. */
  says(text: string): Promise<void>;
}

/** A data directory of its own that commands share; `end` ends what still runs on it and removes it. */
export class Place {
  readonly folder: string;
  readonly dataDir: string;
  readonly #running = new Set<Running>();

  private constructor(folder: string) {
    this.folder = folder;
    this.dataDir = join(folder, 'data');
  }

  static async make(): Promise<Place> {
    const folder = await mkdtemp(join(tmpdir(), 'devfactory-cli-'));
    // As root, sandboxes and database have users of their own, who must get through.
    await chmod(folder, 0o755);
    return new Place(folder);
  }

  start(...args: readonly string[]): Running {
    return this.#start(args, 'ignore');
  }

  /** Runs a command that is typed at, or told on its stdin. */
  attend(...args: readonly string[]): Running {
    return this.#start(args, 'pipe');
  }

  #start(args: readonly string[], stdin: 'ignore' | 'pipe'): Running {
    const { NO_COLOR: _noColor, DATABASE_URL: _url, ...env } = process.env;
    const child = spawn(process.execPath, ['--conditions=devfactory-source', main, ...args], {
      cwd: this.folder,
      env: { ...env, DEVFACTORY_DATA_DIR: this.dataDir, DEVFACTORY_PORT: '' },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    const running = watch(child);
    this.#running.add(running);
    void running.ended.finally(() => this.#running.delete(running));
    return running;
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Runs a command that must end with `code`; otherwise throws with all it said. */
  async expecting(code: number, ...args: readonly string[]): Promise<Ended> {
    const ended = await this.run(...args);
    if (ended.code === code) return ended;
    throw new Error(`'${args.join(' ')}' ended with ${ended.code}, not ${code}:\n${ended.out}${ended.talk}`);
  }

  async end(): Promise<void> {
    const left = [...this.#running];
    for (const { child } of left) child.kill('SIGTERM');
    await Promise.all(left.map(({ ended }) => ended));
    await rm(this.folder, { recursive: true, force: true });
  }
}

function watch(child: ChildProcess): Running {
  let out = '';
  let talk = '';
  const listeners = new Set<() => void>();
  const hear = (take: (text: string) => void) => (chunk: unknown) => {
    take(String(chunk));
    for (const listener of listeners) listener();
  };
  child.stdout?.on(
    'data',
    hear((text) => void (out += text)),
  );
  child.stderr?.on(
    'data',
    hear((text) => void (talk += text)),
  );
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, out, talk }));
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!`${out}${talk}`.includes(text)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      void ended.then(() => reject(new Error(`it ended without saying "${text}":\n${out}${talk}`)));
      look();
    });
  return { child, ended, says };
}
