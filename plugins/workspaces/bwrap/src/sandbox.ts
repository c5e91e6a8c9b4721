import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Duplex, Readable } from 'node:stream';
import { failure } from './errors.ts';
import { connectionFd, filterFd, infoFd } from './profile.ts';

/** How the sandbox's processes ended. */
export interface SandboxEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Last words of bubblewrap and the supervisor. */
  readonly stderr: string;
}

const stderrBytes = 8_192;
/**
 * Runs before the walls stand: joins the cgroups, so that nothing starts outside of them, and closes every file that this process
 * was itself given by whoever started it (Node closes only its own), which would be open inside otherwise. Last it opens the filter for
 * system calls, which bubblewrap reads and closes.
 */
const launcher = [
  'n=$1; shift',
  'while ((n-- > 0)); do echo $$ > "$1/cgroup.procs" || exit 90; shift; done',
  'for f in /proc/self/fd/*; do f=${f##*/}; if ((f > 4)); then eval "exec $f>&-"; fi; done',
  `f=$1; shift; if [[ -n $f ]]; then exec ${filterFd}<"$f" || exit 91; fi`,
  'exec "$@"',
].join('\n');
/** The launcher's word for a cgroup that cannot be joined. */
export const cannotJoin = 90;

/** One running bubblewrap. Its end is the end of every process inside: the kernel sees to that with the pid namespace. */
export class Sandbox {
  readonly connection: Duplex;
  readonly ended: Promise<SandboxEnd>;
  /** Host's pid of the first process inside, which takes all others with it. Null when it never came that far. */
  readonly initPid: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(
    argv: readonly string[],
    { cgroups, filter }: { readonly cgroups: readonly string[]; readonly filter: string | null },
  ) {
    const args = ['--norc', '-c', launcher, 'sandbox', String(cgroups.length), ...cgroups, filter ?? '', ...argv];
    const child = spawn('bash', args, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    });
    this.#child = child;
    const connection = child.stdio[connectionFd];
    const info = child.stdio[infoFd];
    if (!(connection instanceof Duplex) || !(info instanceof Readable))
      throw failure('workspace_unavailable', 'The sandbox got no pipes.');
    this.connection = connection;
    const stderr = lastWords(child);
    this.initPid = readInitPid(info);
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
      child.once('close', (code, signal) => resolve({ code, signal, stderr: stderr() }));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends everything inside and resolves when nothing of it is left. */
  async end(): Promise<void> {
    const initPid = await Promise.race([this.initPid, this.ended.then(() => null)]);
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      // bubblewrap outside ends after its child, the namespace's init; and that ends after all others.
      if (initPid === null) this.#child.kill('SIGKILL');
      else kill(initPid);
    }
    await this.ended;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}

function lastWords(child: ChildProcess): () => string {
  let kept = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-stderrBytes);
  });
  return () => kept.trim();
}

async function readInitPid(info: Readable): Promise<number | null> {
  let text = '';
  try {
    for await (const chunk of info) text = (text + String(chunk)).slice(0, 10_000);
  } catch {
    return null;
  }
  const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
  return pid === undefined ? null : Number(pid);
}
