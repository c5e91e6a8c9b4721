import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { z } from 'zod';
import type { Channel } from '../protocol/channel.ts';
import { Connection } from '../protocol/connection.ts';
import { ProtocolError, Refusal } from '../protocol/protocol-error.ts';
import type { ConnectTarget, Request } from '../protocol/requests.ts';
import { answer, Connected, Nothing, parseAnswer, Ports, SandboxRequest, Usage } from './answers.ts';
import { ChannelStream } from './channel-stream.ts';
import { RemoteCommand } from './exec.ts';
import type { ExecResult, ExecSpec } from './exec.ts';
import { RemoteFiles } from './files.ts';
import { RemoteTerminal } from './terminal.ts';
import type { TerminalSpec } from './terminal.ts';

export interface SupervisorOptions {
  /** Makes the error that callers see. Codes: see `Refusal` in inside/; beside them workspace_gone. */
  readonly fail: (code: string, message: string) => Error;
  /** Takes a connection from the sandbox to the egress proxy; null where there is no way out. */
  readonly egress: ((stream: Duplex) => void) | null;
  /** Takes a connection from the sandbox to the model proxy; null where no model may be asked. */
  readonly models?: ((stream: Duplex) => void) | null;
  /** Called once when the connection is over, with what was wrong if something was. */
  readonly onClose: (error: Error | null) => void;
  readonly maxFileBytes: number;
  readonly maxEntries: number;
}

const defaultOutputBytes = 1024 * 1024;
/** Longer than any honest supervisor takes to notice its own timeout. */
const graceMs = 60_000;
/** To both proxies together. */
const maxProxyConnections = 256;

/** The host's end of a sandbox: everything that can be asked of it. What it answers is checked before it is believed. */
export class Supervisor {
  readonly files: RemoteFiles;
  /** Resolves when the supervisor stands. Rejects when the connection ends before. */
  readonly ready: Promise<void>;
  readonly #connection: Connection;
  readonly #options: SupervisorOptions;

  constructor(stream: Duplex, options: SupervisorOptions) {
    this.#options = options;
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.ready.catch(() => undefined);
    this.#connection = new Connection(stream, {
      side: 'host',
      maxForeignChannels: maxProxyConnections,
      onOpen: (channel, request) => {
        const { op } = parseAnswer(SandboxRequest, request);
        if (op !== 'ready') this.#takeConnection(channel, op);
        else {
          channel.end();
          ready.resolve();
        }
      },
      onClose: (error) => {
        ready.reject(this.#explain(new Refusal('workspace_gone', 'The sandbox has ended.')));
        options.onClose(error);
      },
    });
    const { maxFileBytes, maxEntries } = options;
    const explain = (error: unknown): Error => this.#explain(error);
    this.files = new RemoteFiles({ open: (request) => this.#open(request), explain, maxFileBytes, maxEntries });
  }

  /** Bytes that it has sent: as long as they grow, it works. */
  get heard(): number {
    return this.#connection.heard;
  }

  /** Runs a command to its end. An abort kills all its processes first, and rejects with the signal's reason then. */
  async exec(spec: ExecSpec, signal?: AbortSignal): Promise<ExecResult> {
    signal?.throwIfAborted();
    const { command, task } = this.#begin(spec, false);
    const stop = (): void => void this.#stop(task, 'kill');
    signal?.addEventListener('abort', stop);
    try {
      const result = await this.#bounded(command.result, spec.timeoutMs);
      signal?.throwIfAborted();
      return result;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Starts a command that goes on. */
  start(spec: ExecSpec): { readonly exited: Promise<ExecResult>; output(): string; kill(): Promise<void> } {
    const { command, task } = this.#begin(spec, true);
    const exited = this.#bounded(command.result, spec.timeoutMs);
    exited.catch(() => undefined);
    return {
      exited,
      output: () => command.output(),
      kill: async () => {
        await this.#stop(task, 'term');
        await exited.catch(() => undefined);
      },
    };
  }

  /** Starts a program on a terminal of its own. */
  terminal(spec: TerminalSpec): RemoteTerminal {
    const task = randomUUID();
    const { argv, cwd = '.', env = {}, cols, rows } = spec;
    const channel = this.#open({ op: 'terminal', task, argv, cwd, env, cols, rows });
    return new RemoteTerminal(channel, {
      kill: () => this.#stop(task, 'kill'),
      explain: (error) => this.#explain(error),
    });
  }

  async ports(): Promise<readonly number[]> {
    return (await this.#ask({ op: 'ports' }, Ports)).ports;
  }

  usage(): Promise<Usage> {
    return this.#ask({ op: 'usage' }, Usage);
  }

  /** Resolves when the supervisor answers, and has started every program that it was asked to start before. */
  async ping(): Promise<void> {
    await this.#ask({ op: 'ping' }, Nothing);
  }

  /** The ports now, and again whenever they change, until the reader stops or the signal aborts. */
  async *watchPorts(signal: AbortSignal): AsyncGenerator<readonly number[]> {
    const channel = this.#open({ op: 'watchPorts' });
    const stop = (): void => channel.reset('stopped', 'Nobody looks any more.');
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) yield (await answer(channel, Ports)).ports;
    } catch (error) {
      if (!signal.aborted) throw this.#explain(error);
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** A raw connection to a port or a unix socket in the sandbox. */
  async connect(to: ConnectTarget): Promise<Duplex> {
    try {
      const channel = this.#open({ op: 'connect', to });
      await answer(channel, Connected);
      return new ChannelStream(channel);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  close(): void {
    this.#connection.close(null);
  }

  #begin(spec: ExecSpec, live: boolean): { command: RemoteCommand; task: string } {
    const task = randomUUID();
    const outputBytes = spec.outputBytes ?? defaultOutputBytes;
    const request: Request = {
      op: 'exec',
      task,
      argv: spec.argv,
      cwd: spec.cwd ?? '.',
      env: spec.env ?? {},
      stdin: spec.stdin !== undefined,
      timeoutMs: spec.timeoutMs,
      outputBytes,
      live,
    };
    return { command: new RemoteCommand(this.#open(request), spec, outputBytes), task };
  }

  async #stop(task: string, how: 'term' | 'kill'): Promise<void> {
    try {
      await this.#ask({ op: 'stop', task, how }, Nothing);
    } catch {
      // The sandbox ended: so did the task.
    }
  }

  /** A supervisor that keeps silent for long after the timeout is broken, or was broken: nothing it says would help. */
  async #bounded(result: Promise<ExecResult>, timeoutMs: number): Promise<ExecResult> {
    const giveUp = (): void =>
      this.#connection.close(new ProtocolError('The supervisor did not end a command in time.'));
    const timer = setTimeout(giveUp, Math.min(timeoutMs + graceMs, 2 ** 31 - 1));
    try {
      return await result;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
    try {
      const channel = this.#open(request);
      const result = await answer(channel, schema);
      channel.end();
      return result;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #open(request: Request): Channel {
    try {
      return this.#connection.open(request);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #takeConnection(channel: Channel, to: 'egress' | 'models'): void {
    const take = this.#options[to];
    if (take) take(new ChannelStream(channel));
    else channel.reset(`${to}_denied`, 'This workspace has no way there.');
  }

  #explain(error: unknown): Error {
    if (error instanceof Refusal) return this.#options.fail(error.code, error.message);
    if (error instanceof ProtocolError) {
      this.#connection.close(error);
      return this.#options.fail('workspace_gone', `The sandbox answered with nonsense and was ended: ${error.message}`);
    }
    return error instanceof Error ? error : new Error(String(error));
  }
}
