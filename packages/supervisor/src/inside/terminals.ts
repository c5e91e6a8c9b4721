import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { setImmediate as rested, setTimeout as pause } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import type { Channel } from '../protocol/channel.ts';
import { Refusal } from '../protocol/protocol-error.ts';
import type { TerminalRequest, TerminalSize } from '../protocol/requests.ts';
import { preferAsVictim } from './command.ts';
import type { LiveTasks } from './live-tasks.ts';
import { signal, tagVariable } from './process-tree.ts';

/** Time for a program to heed that it was hung up, and until one that does not read is offered its input again. */
const hangUpMs = 500;
const retryMs = 10;

interface PtyBinding {
  readonly fork: (...args: PtyArguments) => { readonly fd: number; readonly pid: number };
  readonly resize: (fd: number, cols: number, rows: number) => void;
}
/** File, its arguments, NAME=value pairs, folder, columns, rows, uid and gid (-1: as they are), UTF-8, helper (macOS only), end. */
type PtyArguments = [
  string,
  readonly string[],
  readonly string[],
  string,
  number,
  number,
  -1,
  -1,
  true,
  '',
  (exitCode: number, signal: number) => void,
];

/** Programs on terminals of their own, one task each. */
export class Terminals {
  readonly #tasks: LiveTasks;
  /** Loaded with the first terminal: most sandboxes never have one. */
  #binding: PtyBinding | null = null;

  constructor(tasks: LiveTasks) {
    this.#tasks = tasks;
  }

  /** Speaks on the channel as TerminalRequest says. What nobody takes from the channel stays with the program, which waits. */
  async run(channel: Channel, request: TerminalRequest, cwd: string): Promise<void> {
    const { fork, resize } = (this.#binding ??= load());
    const [file = '', ...args] = request.argv;
    const env = { ...process.env, PWD: cwd, ...request.env, [tagVariable]: request.task };
    const pairs = Object.entries(env).map(([name, value]) => `${name}=${value ?? ''}`);
    const ended = Promise.withResolvers<{ exitCode: number | null; signal: string | null }>();
    const { fd, pid } = fork(file, args, pairs, cwd, request.cols, request.rows, -1, -1, true, '', (exitCode, number) =>
      ended.resolve(number === 0 ? { exitCode, signal: null } : { exitCode: null, signal: signalName(number) }),
    );
    const task = { pid, tag: request.task };
    this.#tasks.add(task);
    preferAsVictim(pid);
    const screen = new ReadStream(fd);
    // A terminal whose last program ended cannot be read any more (EIO): that is its end, not a fault.
    screen.on('error', () => undefined);
    const hangUp = (): void => {
      if (!this.#tasks.get(task.tag)) return;
      signal(-pid, 'SIGHUP');
      setTimeout(() => this.#tasks.end(task), hangUpMs).unref();
    };
    channel.whenFailed(hangUp);
    void takeInput(channel, { fd, screen, resize: ({ cols, rows }) => resize(fd, cols, rows), hangUp });
    const shown = show(channel, screen);
    const end = await ended.promise;
    this.#tasks.end(task);
    // It waits as long as the host does not read; whoever still writes to it is dead.
    await shown;
    screen.destroy();
    await channel.send({ is: 'exit', ...end });
    channel.end();
  }
}

function load(): PtyBinding {
  try {
    // Beside the program's entry, in however many files it was laid down.
    return createRequire(process.argv[1] ?? '/')('./pty.node') as PtyBinding;
  } catch (error) {
    throw new Refusal(
      'terminal_unavailable',
      `There are no terminals on this kind of machine: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * A terminal gives four kilobytes at a time, and reading it goes on until it is empty: all of that goes as one, for each piece costs every
 * hop to the browser the same.
 */
async function show(channel: Channel, screen: ReadStream): Promise<void> {
  try {
    for (;;) {
      // Also what was read just before it ended.
      const bytes = screen.read() as Buffer | null;
      if (bytes !== null) await channel.write(bytes);
      else if (screen.readableEnded || screen.destroyed) return;
      else await more(screen);
      await rested();
    }
  } catch {
    // The channel's end: then nobody looks at it.
  }
}

/** Resolves when there is something to read, or nothing any more. */
function more(screen: ReadStream): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      screen.off('readable', settle).off('end', settle).off('close', settle);
      resolve();
    };
    screen.once('readable', settle).once('end', settle).once('close', settle);
  });
}

interface Keyboard {
  readonly fd: number;
  readonly screen: ReadStream;
  readonly resize: (size: TerminalSize) => void;
  readonly hangUp: () => void;
}

async function takeInput(channel: Channel, keyboard: Keyboard): Promise<void> {
  try {
    for (;;) {
      const item = await channel.next();
      if (item === null) break;
      if (keyboard.screen.destroyed) continue;
      if (item.kind === 'message') keyboard.resize(item.value as TerminalSize);
      else await typeIn(item.bytes, keyboard);
    }
  } catch {
    // The channel broke: `whenFailed` hangs up.
    return;
  }
  keyboard.hangUp();
}

/** By hand: Node writes to such a terminal until everything is gone, and would stand still before a program that does not read. */
async function typeIn(bytes: Buffer, { fd, screen }: Keyboard): Promise<void> {
  for (let at = 0; at < bytes.length && !screen.destroyed;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      await pause(retryMs);
    }
  }
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
