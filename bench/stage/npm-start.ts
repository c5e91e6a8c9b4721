import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { endProcess, firstLine, quietEnvironment } from './factory.ts';
import { processTree } from './processes.ts';

/** The repository's folder. */
export const root = join(import.meta.dirname, '../..');

/** `npm start`, as a person types it, on a data directory of its own. */
export class NpmStart {
  /** Process number of npm; what it starts descends from it. */
  readonly pid: number;
  /** Milliseconds until the address was printed. */
  readonly readyMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, readyMs: number) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.readyMs = readyMs;
  }

  /** Resolves when it printed its address; it ends with the row, if not before. Throws with its last words. */
  static async until(bench: Bench, dataDir: string): Promise<NpmStart> {
    const started = performance.now();
    const args = ['start', '--', 'up', '--json', '--port', '0', '--data-dir', dataDir];
    const child = spawn('npm', args, { cwd: root, env: quietEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    bench.after(() => endWithAllBelow(child));
    await firstLine(child);
    return new NpmStart(child, performance.now() - started);
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    await endWithAllBelow(this.#child);
  }
}

/** npm passes the signal on, and ends when all below it have. */
async function endWithAllBelow(npm: ChildProcess): Promise<void> {
  if (npm.pid === undefined || npm.exitCode !== null || npm.signalCode !== null) return;
  const below = await processTree(npm.pid);
  await endProcess(npm, 'SIGTERM');
  // An npm that had to be killed leaves its children behind.
  if (npm.signalCode === 'SIGKILL') for (const pid of below) killIfThere(pid);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}
