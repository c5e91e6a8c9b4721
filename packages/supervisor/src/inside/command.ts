import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { closeSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { ExecRequest } from '../protocol/requests.ts';
import type { Pipe, PipePool } from './pipe-pool.ts';
import { tagVariable } from './process-tree.ts';
import type { Task } from './process-tree.ts';

export interface Outcome {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

interface Streams {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

/** One started program and its standard streams. */
export class Command {
  /** Null when it could not be started. */
  readonly task: Task | null;
  readonly streams: Streams;
  readonly exited: Promise<Outcome>;
  /** Why it could not be started. */
  failure: string | null = null;
  readonly #closed: Promise<unknown>;

  private constructor(child: ChildProcess, streams: Streams, place: { readonly file: string; readonly tag: string }) {
    this.streams = streams;
    this.task = child.pid === undefined ? null : { pid: child.pid, tag: place.tag };
    if (child.pid !== undefined) preferAsVictim(child.pid);
    this.#closed = Promise.all([streams.stdout, streams.stderr].map(closed));
    this.exited = new Promise((resolve) => {
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.failure =
          error.code === 'ENOENT'
            ? `${place.file}: command not found\n`
            : `${place.file}: ${error.code ?? error.message}\n`;
        resolve({ exitCode: error.code === 'ENOENT' ? 127 : 126, signal: null });
      });
    });
  }

  static async start(request: ExecRequest, cwd: string, pool: PipePool): Promise<Command> {
    const [file = '', ...args] = request.argv;
    const pipes = await takePipes(pool);
    const env = { ...process.env, PWD: cwd, ...request.env, [tagVariable]: request.task };
    const stdin = request.stdin ? 'pipe' : 'ignore';
    const stdio: StdioOptions = pipes ? [stdin, ...pipes.map(({ theirs }) => theirs)] : [stdin, 'pipe', 'pipe'];
    try {
      const child = spawn(file, args, { cwd, env, detached: true, stdio });
      const [stdout = child.stdout, stderr = child.stderr] = pipes?.map(openReader) ?? [];
      return new Command(child, { stdin: child.stdin, stdout, stderr }, { file, tag: request.task });
    } finally {
      for (const { theirs } of pipes ?? []) closeSync(theirs);
    }
  }

  /** Resolves when all output was read, or after `ms`: something may hold the pipe for ever. */
  async drained(ms: number): Promise<void> {
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(() => timeout.resolve(), this.task === null ? 0 : ms);
    await Promise.race([this.#closed, timeout.promise]);
    clearTimeout(timer);
    this.streams.stdin?.destroy();
    this.streams.stdout?.destroy();
    this.streams.stderr?.destroy();
  }
}

async function takePipes(pool: PipePool): Promise<readonly Pipe[] | null> {
  const pipes = (await Promise.all([pool.take(), pool.take()])).filter((pipe) => pipe !== null);
  if (pipes.length === 2) return pipes;
  for (const { ours, theirs } of pipes) {
    closeSync(ours);
    closeSync(theirs);
  }
  return null;
}

function openReader({ ours }: Pipe): Socket {
  return new Socket({ fd: ours, readable: true, writable: false });
}

function closed(stream: Readable | null): Promise<void> {
  return new Promise((resolve) => {
    if (!stream) return resolve();
    stream.once('error', () => resolve());
    stream.once('close', () => resolve());
  });
}

/** When memory runs out the command goes, not the supervisor. */
export function preferAsVictim(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '800');
  } catch {
    // It is gone already, or the kernel refuses: then the kernel's own choice stands.
  }
}
