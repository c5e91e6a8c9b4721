import type { Writable } from 'node:stream';
import type { Channel } from '../protocol/channel.ts';
import type { ExecRequest } from '../protocol/requests.ts';
import { Command } from './command.ts';
import type { Outcome } from './command.ts';
import { HeadTail } from './head-tail.ts';
import { LiveOutput } from './live-output.ts';
import type { LiveTasks } from './live-tasks.ts';
import { PipePool } from './pipe-pool.ts';
import { signal } from './process-tree.ts';

/** How long pipes may stay open after everything of a task was killed, and how long TERM may take. */
const drainMs = 2_000;
const termMs = 3_000;

/** Runs commands, one task each. The end of a task is the end of every process it left behind. */
export class Commands {
  readonly #tasks: LiveTasks;
  readonly #pipes: PipePool;
  readonly #starting = new Set<Promise<unknown>>();

  constructor(scratch: string, tasks: LiveTasks) {
    this.#pipes = new PipePool(`${scratch}/pipes`);
    this.#tasks = tasks;
  }

  /** Speaks on the channel: 'head' and 'tail' reports when live; then 'exit' and the kept bytes. Takes stdin as data. */
  async run(channel: Channel, request: ExecRequest, cwd: string): Promise<void> {
    const started = performance.now();
    const kept = { stdout: new HeadTail(request.outputBytes), stderr: new HeadTail(request.outputBytes) };
    const command = await this.#start(request, cwd);
    const live = request.live ? new LiveOutput(channel, request.outputBytes) : null;
    for (const name of ['stdout', 'stderr'] as const) {
      command.streams[name]?.on('data', (chunk: Buffer) => {
        kept[name].push(chunk);
        live?.push(chunk);
      });
    }
    if (command.task) this.#tasks.add(command.task);
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        this.#end(command);
        // Above what a timer holds it would fire at once.
      },
      Math.min(request.timeoutMs, 2 ** 31 - 1),
    );
    channel.whenFailed(() => this.#end(command));
    void takeInput(channel, command.streams.stdin);
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

  /** Resolves when every program that was asked for before runs, or could not be started. */
  async started(): Promise<void> {
    await Promise.all(this.#starting);
  }

  async #start(request: ExecRequest, cwd: string): Promise<Command> {
    const starting = Command.start(request, cwd, this.#pipes);
    const over = starting.catch(() => undefined);
    this.#starting.add(over);
    void over.then(() => this.#starting.delete(over));
    return starting;
  }

  /** Ends a task that runs; unknown ones have ended already. */
  stop(name: string, how: 'term' | 'kill'): void {
    const task = this.#tasks.get(name);
    if (!task) return;
    if (how === 'kill') this.#tasks.end(task);
    else {
      signal(-task.pid, 'SIGTERM');
      setTimeout(() => this.#tasks.end(task), termMs).unref();
    }
  }

  #end(command: Command): void {
    if (command.task) this.#tasks.end(command.task);
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
