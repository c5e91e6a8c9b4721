import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type BackgroundProcess, DomainError, type ExecSpec, type Workspace } from '@devfactory/kit';
import type { Clock } from './execution.ts';

/** Null when the app accepts connections; else why not. */
export type Start = null | { readonly timedOut: boolean; readonly exitCode: number | null; readonly sentence: string };

const pollMs = 50;
/** How long the app may listen on another port alone before that one is taken for its own. */
const otherPortMs = 1500;
const outputBytes = 256 * 1024;

/** The app under check, in a sandbox: started, found by its port, stopped. */
export class App {
  readonly #workspace: Workspace;
  readonly #command: Omit<ExecSpec, 'timeoutMs'>;
  readonly #wantedPort: number;
  readonly #takenPorts: readonly number[];
  #port: number;
  #process: BackgroundProcess | null = null;
  #said = '';

  constructor(
    workspace: Workspace,
    {
      command,
      port,
      takenPorts,
    }: {
      readonly command: Omit<ExecSpec, 'timeoutMs'>;
      readonly port: number;
      /** What others in the sandbox listen on. */
      readonly takenPorts: readonly number[];
    },
  ) {
    this.#workspace = workspace;
    this.#command = command;
    this.#wantedPort = port;
    this.#takenPorts = takenPorts;
    this.#port = port;
  }

  /** Starts it and waits until it accepts connections. */
  async start(clock: Clock, signal: AbortSignal): Promise<Start> {
    this.#process = await this.#workspace.start({ ...this.#command, timeoutMs: clock.left() + 60_000, outputBytes });
    let ended: { readonly exitCode: number | null; readonly signal: string | null } | null = null;
    void this.#process.exited.then(
      (result) => (ended = result),
      () => (ended = { exitCode: null, signal: null }),
    );
    let otherSince: number | null = null;
    while (clock.left() > 0) {
      signal.throwIfAborted();
      // Asked before the connection is tried: an app that puts itself into the background has ended and still listens.
      const end = ended as { readonly exitCode: number | null; readonly signal: string | null } | null;
      if (await this.#accepts(this.#wantedPort)) return this.#found(this.#wantedPort);
      const other = await this.#onlyOtherPort();
      otherSince = other === null ? null : (otherSince ?? performance.now());
      if (other !== null && otherSince !== null && performance.now() - otherSince > otherPortMs)
        return this.#found(other);
      if (end !== null && other === null) {
        const how = end.signal === null ? `exit code ${end.exitCode}` : end.signal;
        return {
          timedOut: false,
          exitCode: end.exitCode,
          sentence: `The app ended with ${how} before it listened on a port.`,
        };
      }
      await pause(pollMs);
    }
    return {
      timedOut: true,
      exitCode: null,
      sentence: `The app did not listen on 127.0.0.1:${this.#wantedPort} in time.`,
    };
  }

  /** The sandbox it runs in. */
  get workspace(): Workspace {
    return this.#workspace;
  }

  /** Where it was found listening. */
  get port(): number {
    return this.#port;
  }

  /** Throws DomainError port_closed when nothing listens any more. */
  async connect(): Promise<Duplex> {
    return this.#workspace.connect(this.#port);
  }

  async stop(): Promise<void> {
    if (!this.#process) return;
    await this.#process.kill();
    this.#said += this.#process.output();
    this.#process = null;
  }

  /** All that it printed, over its restarts. */
  output(): string {
    return this.#said + (this.#process?.output() ?? '');
  }

  #found(port: number): null {
    this.#port = port;
    return null;
  }

  async #accepts(port: number): Promise<boolean> {
    try {
      const connection = await this.#workspace.connect(port);
      connection.on('error', () => undefined).destroy();
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'port_closed') return false;
      throw error;
    }
  }

  /** An app with a port of its own fixed in its code is still the only listener in its sandbox. */
  async #onlyOtherPort(): Promise<number | null> {
    const ports = (await this.#workspace.ports()).filter((port) => !this.#takenPorts.includes(port));
    return ports.length === 1 && ports[0] !== this.#wantedPort ? (ports[0] ?? null) : null;
  }
}
