import type { Duplex } from 'node:stream';
import {
  DomainError,
  type BackgroundProcess,
  type ConnectTarget,
  type EgressDecision,
  type ExecResult,
  type ExecSpec,
  type TerminalSpec,
  type Workspace,
  type WorkspaceFiles,
  type WorkspaceSpec,
  type WorkspaceTerminal,
} from '@devfactory/kit';

export interface SharedSandboxParts {
  readonly spec: WorkspaceSpec;
  readonly models: ModelsPort;
  /** Called whenever the last hold was given back, with what closes the sandbox. */
  readonly ended: (close: () => Promise<void>) => Promise<void>;
}

type TakesModels = NonNullable<WorkspaceSpec['models']>;

/** Where programs inside ask models: answered by the holder that brought a way to them, as long as it holds. */
export class ModelsPort {
  readonly #takers = new Set<TakesModels>();

  accept(connection: Duplex): void {
    const taker = [...this.#takers].at(-1);
    if (taker) taker(connection);
    else connection.destroy();
  }

  add(taker: TakesModels): () => void {
    this.#takers.add(taker);
    return () => this.#takers.delete(taker);
  }
}

/** One sandbox and those who hold it. */
export class SharedSandbox {
  readonly #real: Workspace;
  readonly #parts: SharedSandboxParts;
  readonly #holds = new Set<Hold>();
  #stands = true;

  constructor(real: Workspace, parts: SharedSandboxParts) {
    this.#real = real;
    this.#parts = parts;
    void real.gone.then((sentence) => this.#end(sentence));
  }

  get stands(): boolean {
    return this.#stands;
  }

  get isHeld(): boolean {
    return this.#holds.size > 0;
  }

  /** True when a hold on it is what such an opening would give. */
  serves({ egress, mounts = [], env = {} }: WorkspaceSpec): boolean {
    const { spec } = this.#parts;
    const key = (value: unknown): string => JSON.stringify(value);
    return (
      this.#stands &&
      key([...new Set(egress)].toSorted()) === key([...new Set(spec.egress)].toSorted()) &&
      key([mounts, env]) === key([spec.mounts ?? [], spec.env ?? {}])
    );
  }

  lend({ models }: Pick<WorkspaceSpec, 'models'>): Workspace {
    const withdraw = models ? this.#parts.models.add(models) : null;
    const hold = new Hold(this.#real, async () => {
      withdraw?.();
      if (!this.#holds.delete(hold)) return 'ended';
      if (this.#holds.size > 0) return 'held by others';
      await this.#parts.ended(async () => {
        this.#stands = false;
        await this.#real.close();
      });
      return this.#stands ? 'held by others' : 'ended';
    });
    this.#holds.add(hold);
    return hold;
  }

  /** Ends it for everyone. */
  async evict(sentence: string): Promise<void> {
    this.#end(sentence);
    await this.#real.close();
  }

  #end(sentence: string): void {
    this.#stands = false;
    for (const hold of this.#holds) hold.end(sentence);
    this.#holds.clear();
  }
}

type GiveBack = () => Promise<'ended' | 'held by others'>;

/** One holder's sight of the sandbox. Giving it back ends what this holder started for itself, and nobody else's. */
class Hold implements Workspace {
  readonly id: string;
  readonly files: WorkspaceFiles;
  readonly notEnforced: readonly string[];
  readonly gone: Promise<string>;
  readonly modelsUrl?: string;
  readonly #real: Workspace;
  readonly #giveBack: GiveBack;
  readonly #over = new AbortController();
  readonly #processes = new Set<{ kill(): Promise<void> }>();
  readonly #connections = new Set<Duplex>();
  readonly #tellGone: (sentence: string) => void;

  constructor(real: Workspace, giveBack: GiveBack) {
    this.#real = real;
    this.#giveBack = giveBack;
    this.id = real.id;
    this.notEnforced = real.notEnforced;
    if (real.modelsUrl !== undefined) this.modelsUrl = real.modelsUrl;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.gone = promise;
    this.#tellGone = resolve;
    this.files = this.#guardedFiles(real.files);
  }

  /** The sandbox ended without this holder's doing. */
  end(sentence: string): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort(workspaceGone(this.id, sentence));
    this.#tellGone(sentence);
  }

  async exec(spec: ExecSpec, signal?: AbortSignal): Promise<ExecResult> {
    this.#requireOpen();
    return this.#real.exec(spec, signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal);
  }

  async start(spec: ExecSpec, { lasting = false } = {}): Promise<BackgroundProcess> {
    this.#requireOpen();
    const process = await this.#real.start(spec, { lasting });
    if (lasting) return process;
    this.#processes.add(process);
    const forget = (): void => void this.#processes.delete(process);
    process.exited.then(forget, forget);
    return process;
  }

  async terminal(spec: TerminalSpec): Promise<WorkspaceTerminal> {
    this.#requireOpen();
    const terminal = await this.#real.terminal(spec);
    this.#processes.add(terminal);
    const forget = (): void => void this.#processes.delete(terminal);
    terminal.exited.then(forget, forget);
    return terminal;
  }

  async ports(): Promise<readonly number[]> {
    this.#requireOpen();
    return this.#real.ports();
  }

  async *watchPorts(signal: AbortSignal): AsyncGenerator<readonly number[]> {
    this.#requireOpen();
    yield* this.#real.watchPorts(AbortSignal.any([signal, this.#over.signal]));
    if (!signal.aborted) this.#requireOpen();
  }

  async connect(to: ConnectTarget): Promise<Duplex> {
    this.#requireOpen();
    const stream = await this.#real.connect(to);
    this.#connections.add(stream);
    stream.once('close', () => this.#connections.delete(stream));
    return stream;
  }

  egressDecisions(): readonly EgressDecision[] {
    this.#requireOpen();
    return this.#real.egressDecisions();
  }

  async close(): Promise<void> {
    if (!this.#over.signal.aborted) this.#over.abort(workspaceGone(this.id, 'it was closed.'));
    // The end of the sandbox is the end of all in it, at once.
    if ((await this.#giveBack()) === 'ended') return;
    for (const stream of this.#connections) stream.destroy();
    await Promise.all([...this.#processes].map((process) => process.kill().catch(() => undefined)));
  }

  #requireOpen(): void {
    this.#over.signal.throwIfAborted();
  }

  #guardedFiles(files: WorkspaceFiles): WorkspaceFiles {
    const guarded = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
      return async (...args: Args): Promise<Result> => {
        this.#requireOpen();
        return call(...args);
      };
    };
    const readPart = files.readPart?.bind(files);
    const writePart = files.writePart?.bind(files);
    return {
      read: guarded((...args) => files.read(...args)),
      write: guarded((...args) => files.write(...args)),
      remove: guarded((path) => files.remove(path)),
      list: guarded((path) => files.list(path)),
      walk: guarded(() => files.walk()),
      readMany: (paths) => {
        this.#requireOpen();
        return files.readMany(paths);
      },
      ...(readPart ? { readPart: guarded(readPart) } : {}),
      ...(writePart ? { writePart: guarded(writePart) } : {}),
      putMany: guarded((entries) => files.putMany(entries)),
      removeMany: guarded((paths) => files.removeMany(paths)),
    };
  }
}

function workspaceGone(id: string, sentence: string): DomainError {
  return new DomainError('workspace_gone', 'unavailable', { message: `Workspace ${id} is gone: ${sentence}` });
}
