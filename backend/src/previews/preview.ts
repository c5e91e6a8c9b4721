import { setTimeout as pause } from 'node:timers/promises';
import type { PreviewServer, PreviewState } from '@devfactory/contracts';
import { planPreview, type PreviewPlan } from '@devfactory/engine';
import { DomainError, type BackgroundProcess, type Toolchain, type Workspace } from '@devfactory/kit';
import { Wake } from '../events/wake.ts';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import { newestLines } from './newest-lines.ts';
import { commandOf, freePort } from './server-command.ts';

export interface PreviewParts {
  readonly workspaces: LiveWorkspaces;
  readonly toolchains: readonly Toolchain[];
  /** Milliseconds that a server runs on while nobody looks. */
  readonly idleMs: number;
}

const lookEveryMs = 500;
const mostLines = 40;
const stopped: PreviewServer = { is: 'stopped' };

/** What one run's workspace serves, and the server that a person had started in it. Looks at the sandbox only while somebody looks here. */
export class Preview {
  readonly #parts: PreviewParts;
  readonly #runId: string;
  readonly #watchers = new Set<Wake>();
  #hold: Workspace | null = null;
  #ports: readonly number[] = [];
  #server: PreviewServer = stopped;
  #process: BackgroundProcess | null = null;
  #starting: AbortController | null = null;
  #looking: AbortController | null = null;
  #uses = 0;
  #idle: NodeJS.Timeout | null = null;

  constructor(runId: string, parts: PreviewParts) {
    this.#runId = runId;
    this.#parts = parts;
  }

  get state(): PreviewState {
    return { sandbox: this.#hold ? 'open' : 'closed', ports: [...this.#ports], server: this.#server };
  }

  /** True when nothing of it is worth keeping. */
  get isOver(): boolean {
    return this.#uses === 0 && this.#hold === null && this.#server.is === 'stopped';
  }

  /** Somebody looks, or a connection is open: what runs goes on. Ends with what it returns. */
  use(): () => void {
    this.#uses += 1;
    if (this.#idle) clearTimeout(this.#idle);
    let isUsed = true;
    return () => {
      if (!isUsed) return;
      isUsed = false;
      this.#uses -= 1;
      if (this.#uses === 0) this.#restSoon();
    };
  }

  /** Rings whenever the state changed, until the signal aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<PreviewState> {
    const wake = new Wake();
    const release = this.use();
    this.#watchers.add(wake);
    void this.#look();
    try {
      while (!signal.aborted) {
        yield this.state;
        await wake.wait(signal);
      }
    } finally {
      this.#watchers.delete(wake);
      if (this.#watchers.size === 0) this.#looking?.abort();
      release();
    }
  }

  /** Starts the project's server, anew when one runs; resolves when that has begun. Throws what holding the workspace throws. */
  async start(): Promise<void> {
    await this.stop();
    const starting = new AbortController();
    this.#starting = starting;
    await this.#take(await this.#parts.workspaces.hold(this.#runId));
    this.#tell({ is: 'preparing', title: '', command: '', lines: [] });
    void this.#run(starting.signal).catch((error: unknown) => this.#fail(error, starting.signal));
    if (this.#uses === 0) this.#restSoon();
  }

  async stop(): Promise<void> {
    this.#starting?.abort();
    this.#starting = null;
    const process = this.#process;
    this.#process = null;
    await process?.kill();
    this.#tell(stopped);
  }

  /** Ends what was started and gives the workspace back. */
  async close(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    this.#looking?.abort();
    await this.stop();
    await this.#letGo();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const hold = this.#hold;
    if (!hold) return;
    const ports = await hold.ports();
    const port = freePort(ports);
    const plan = await planPreview(hold, { toolchains: this.#parts.toolchains, port });
    signal.throwIfAborted();
    if (!plan) {
      const sentence =
        'Nothing here starts a server: no project was recognised that has one. Say how in devfactory.json ("serve" or "preview").';
      return this.#tell({ is: 'crashed', title: '', command: '', lines: [], sentence });
    }
    for (const spec of plan.before) {
      const doing = await this.#begin(await hold.start(spec), signal);
      const { exitCode } = await this.#follow(doing, signal, (lines) =>
        this.#tell({ is: 'preparing', title: plan.title, command: commandOf(spec.argv), lines }),
      );
      if (exitCode !== 0) return this.#crashed(plan, { argv: spec.argv, process: doing, signal });
    }
    const server = await this.#begin(await hold.start(plan.start), signal);
    await this.#serve({ hold, plan, server, port, before: ports }, signal);
    this.#crashed(plan, { argv: plan.start.argv, process: server, signal });
  }

  /** Until the server ends. Its port is the one it was asked to take, or the first that was not there before. */
  async #serve(serving: Serving, signal: AbortSignal): Promise<void> {
    const { hold, plan, server, port, before } = serving;
    const what = { title: plan.title, command: commandOf(plan.start.argv) };
    let found: number | null = null;
    const finding = new AbortController();
    const over = AbortSignal.any([signal, finding.signal]);
    const find = async (): Promise<void> => {
      for await (const ports of hold.watchPorts(over)) {
        const fresh = ports.filter((item) => !before.includes(item));
        found = fresh.includes(port) ? port : (fresh[0] ?? null);
        if (found !== null) return;
      }
    };
    void find().catch(() => undefined);
    await this.#follow(server, signal, (lines) =>
      this.#tell(found === null ? { is: 'starting', ...what, lines } : { is: 'running', ...what, lines, port: found }),
    );
    finding.abort();
  }

  async #begin(process: BackgroundProcess, signal: AbortSignal): Promise<BackgroundProcess> {
    if (signal.aborted) await process.kill();
    signal.throwIfAborted();
    this.#process = process;
    return process;
  }

  /** Tells the newest lines while it runs. */
  async #follow(
    process: BackgroundProcess,
    signal: AbortSignal,
    tell: (lines: string[]) => void,
  ): Promise<{ readonly exitCode: number | null }> {
    let isOver = false;
    const exited = process.exited.finally(() => (isOver = true));
    while (!isOver && !signal.aborted) {
      tell(newestLines(process.output(), mostLines));
      await Promise.race([exited, pause(lookEveryMs)]);
    }
    const result = await exited;
    signal.throwIfAborted();
    return result;
  }

  #crashed(
    plan: PreviewPlan,
    {
      argv,
      process,
      signal,
    }: { readonly argv: readonly string[]; readonly process: BackgroundProcess; readonly signal: AbortSignal },
  ): void {
    void process.exited.then(
      ({ exitCode, signal: killedBy }) => {
        if (signal.aborted) return;
        this.#process = null;
        const command = commandOf(argv);
        const sentence = `It ended with ${killedBy ?? `exit code ${exitCode}`}.`;
        this.#tell({
          is: 'crashed',
          title: plan.title,
          command,
          lines: newestLines(process.output(), mostLines),
          sentence,
        });
      },
      (error: unknown) => this.#fail(error, signal),
    );
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const known = this.#server.is === 'stopped' ? { title: '', command: '', lines: [] } : this.#server;
    const sentence = error instanceof Error ? error.message : String(error);
    this.#process = null;
    this.#tell({ is: 'crashed', title: known.title, command: known.command, lines: [...known.lines], sentence });
    if (!(error instanceof DomainError)) throw error;
  }

  #tell(server: PreviewServer): void {
    if (JSON.stringify(server) === JSON.stringify(this.#server)) return;
    this.#server = server;
    this.#ring();
  }

  #ring(): void {
    for (const wake of this.#watchers) wake.ring();
  }

  /** Follows the ports of the sandbox while somebody watches: ours, or one that the agent works in. */
  async #look(): Promise<void> {
    if (this.#looking && !this.#looking.signal.aborted) return;
    const looking = new AbortController();
    this.#looking = looking;
    while (!looking.signal.aborted) {
      const joined = this.#hold ?? (await this.#parts.workspaces.join(this.#runId));
      // Somebody may have started it meanwhile, and works with a hold of their own.
      if (joined && !this.#hold) await this.#take(joined);
      else if (joined !== this.#hold) await joined?.close();
      const hold = this.#hold;
      try {
        for await (const ports of hold?.watchPorts(looking.signal) ?? []) {
          this.#ports = ports;
          this.#ring();
        }
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
      }
      await pause(lookEveryMs, undefined, { signal: looking.signal }).catch(() => undefined);
    }
  }

  async #take(hold: Workspace): Promise<void> {
    const before = this.#hold;
    this.#hold = hold;
    void hold.gone.then(() => {
      if (this.#hold !== hold) return;
      this.#hold = null;
      this.#ports = [];
      this.#ring();
    });
    await before?.close();
    this.#ring();
  }

  #restSoon(): void {
    if (this.#idle) clearTimeout(this.#idle);
    const isServing = this.#server.is !== 'stopped' && this.#server.is !== 'crashed';
    // A hold that only looked need not stay.
    this.#idle = setTimeout(() => void this.#rest(), isServing ? this.#parts.idleMs : 0);
    this.#idle.unref();
  }

  async #rest(): Promise<void> {
    if (this.#uses > 0) return;
    // What a crashed server said last is there for whoever comes back.
    if (this.#server.is === 'crashed') await this.#letGo();
    else await this.close();
  }

  async #letGo(): Promise<void> {
    const hold = this.#hold;
    this.#hold = null;
    this.#ports = [];
    await hold?.close();
    this.#ring();
  }
}

interface Serving {
  readonly hold: Workspace;
  readonly plan: PreviewPlan;
  readonly server: BackgroundProcess;
  readonly port: number;
  readonly before: readonly number[];
}
