import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Channel } from '../protocol/channel.ts';
import type { ExecRequest } from '../protocol/requests.ts';
import { HeadTail } from './head-tail.ts';
import { LiveOutput } from './live-output.ts';
import { killStrays, signal, tagVariable } from './process-tree.ts';
import type { Task } from './process-tree.ts';

/** How long pipes may stay open after everything of a task was killed, and how long TERM may take. */
const drainMs = 2_000;
const termMs = 3_000;

interface Outcome {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Runs commands, one task each. The end of a task is the end of every process it left behind. */
export class Commands {
  readonly #live = new Map<string, Command>();

  /** Speaks on the channel: 'head' and 'tail' reports when live; then 'exit' and the kept bytes. Takes stdin as data. */
  async run(channel: Channel, request: ExecRequest, cwd: string): Promise<void> {
    const started = performance.now();
    const kept = { stdout: new HeadTail(request.outputBytes), stderr: new HeadTail(request.outputBytes) };
    const command = new Command(request, { cwd, tag: request.task });
    const live = request.live ? new LiveOutput(channel, request.outputBytes) : null;
    for (const name of ['stdout', 'stderr'] as const) {
      command.child[name]?.on('data', (chunk: Buffer) => {
        kept[name].push(chunk);
        live?.push(chunk);
      });
    }
    if (command.task) this.#live.set(request.task, command);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#end(command);
    }, request.timeoutMs);
    channel.whenFailed(() => this.#end(command));
    void takeInput(channel, command.child.stdin);
    const outcome = await command.exited;
    clearTimeout(timer);
    this.#end(command);
    await command.drained(drainMs);
    await live?.finish();
    await report(channel, kept, {
      ...outcome,
      timedOut,
      durationMs: Math.round(performance.now() - started),
      failure: command.failure,
    });
  }

  /** Ends a task that runs; unknown ones have ended already. */
  stop(name: string, how: 'term' | 'kill'): void {
    const command = this.#live.get(name);
    if (!command?.task) return;
    if (how === 'kill') this.#end(command);
    else {
      signal(-command.task.pid, 'SIGTERM');
      setTimeout(() => this.#end(command), termMs).unref();
    }
  }

  #end(command: Command): void {
    if (!command.task || !this.#live.delete(command.task.tag)) return;
    killStrays([...this.#live.values()].flatMap((each) => each.task ?? []));
  }
}

async function takeInput(channel: Channel, stdin: Writable | null): Promise<void> {
  stdin?.on('error', () => undefined);
  try {
    for (;;) {
      const item = await channel.next();
      if (item === null) break;
      if (item.kind === 'data' && stdin && !stdin.destroyed && !stdin.write(item.bytes)) await writable(stdin);
    }
    stdin?.end();
  } catch {
    // The channel broke: the task ends through `whenFailed`.
  }
}

function writable(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['drain', 'close', 'error']) stdin.once(event, () => resolve());
  });
}

class Command {
  readonly child: ChildProcess;
  readonly task: Task | null;
  readonly exited: Promise<Outcome>;
  /** Why it could not be started. */
  failure: string | null = null;
  readonly #closed: Promise<void>;

  constructor(request: ExecRequest, place: { readonly cwd: string; readonly tag: string }) {
    const [file = '', ...args] = request.argv;
    const child = spawn(file, args, {
      cwd: place.cwd,
      env: { ...process.env, PWD: place.cwd, ...request.env, [tagVariable]: place.tag },
      detached: true,
      stdio: [request.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.task = child.pid === undefined ? null : { pid: child.pid, tag: place.tag };
    if (child.pid !== undefined) preferAsVictim(child.pid);
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()));
    this.exited = new Promise((resolve) => {
      child.once('exit', (exitCode, signalName) => resolve({ exitCode, signal: signalName }));
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.failure =
          error.code === 'ENOENT' ? `${file}: command not found\n` : `${file}: ${error.code ?? error.message}\n`;
        resolve({ exitCode: error.code === 'ENOENT' ? 127 : 126, signal: null });
      });
    });
  }

  /** Resolves when all output was read, or after `ms`: something may hold the pipe for ever. */
  async drained(ms: number): Promise<void> {
    if (this.task === null) return;
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(() => timeout.resolve(), ms);
    await Promise.race([this.#closed, timeout.promise]);
    clearTimeout(timer);
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }
}

/** When memory runs out the command goes, not the supervisor. */
function preferAsVictim(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '800');
  } catch {
    // It is gone already, or the kernel refuses: then the kernel's own choice stands.
  }
}

interface Ending extends Outcome {
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly failure: string | null;
}

async function report(
  channel: Channel,
  kept: { readonly stdout: HeadTail; readonly stderr: HeadTail },
  ending: Ending,
): Promise<void> {
  const { failure, ...rest } = ending;
  if (failure !== null) kept.stderr.push(Buffer.from(failure));
  const parts = [kept.stdout, kept.stderr].flatMap((each) => {
    each.settle();
    return [each.head(), each.tail()];
  });
  await channel.send({
    is: 'exit',
    ...rest,
    sizes: parts.map((part) => part.length),
    dropped: [kept.stdout.dropped, kept.stderr.dropped],
  });
  for (const part of parts) await channel.write(part);
  channel.end();
}
