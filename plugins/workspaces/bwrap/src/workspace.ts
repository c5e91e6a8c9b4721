import type { Duplex } from 'node:stream';
import type {
  BackgroundProcess,
  ConnectTarget,
  EgressDecision,
  ExecResult,
  ExecSpec,
  TerminalSpec,
  Walk,
  Workspace,
  WorkspaceFiles,
  WorkspaceTerminal,
} from '@devfactory/kit';
import { modelsPort } from '@devfactory/supervisor';
import type { Session } from './session.ts';

export interface WorkspaceParts {
  readonly id: string;
  readonly session: Session;
  readonly notEnforced: readonly string[];
  readonly decisions: () => readonly EgressDecision[];
}

/** The port's view of an open sandbox. */
export class BwrapWorkspace implements Workspace {
  readonly id: string;
  readonly files: WorkspaceFiles;
  readonly notEnforced: readonly string[];
  readonly gone: Promise<string>;
  readonly modelsUrl = `http://127.0.0.1:${modelsPort}`;
  readonly #parts: WorkspaceParts;
  /** While a walk has the processes frozen, none may start. */
  #walking: Promise<unknown> = Promise.resolve();

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.notEnforced = parts.notEnforced;
    this.gone = parts.session.gone;
    const { files } = parts.session.supervisor;
    this.files = {
      read: (path, options) => files.read(path, options),
      write: (path, bytes, options) => files.write(path, bytes, options),
      remove: (path) => files.remove(path),
      list: (path) => files.list(path),
      walk: () => this.#walk(),
      readMany: (paths) => files.readMany(paths),
      readPart: (file, range) => files.readPart(file, range),
      writePart: (file, part) => files.writePart(file, part),
      putMany: (entries) => files.putMany(entries),
      removeMany: (paths) => files.removeMany(paths),
    };
  }

  async exec(spec: ExecSpec, signal?: AbortSignal): Promise<ExecResult> {
    await this.#walking;
    return this.#parts.session.supervisor.exec(spec, signal);
  }

  async start(spec: ExecSpec): Promise<BackgroundProcess> {
    await this.#walking;
    return this.#parts.session.supervisor.start(spec);
  }

  async terminal(spec: TerminalSpec): Promise<WorkspaceTerminal> {
    await this.#walking;
    return this.#parts.session.supervisor.terminal(spec);
  }

  ports(): Promise<readonly number[]> {
    return this.#parts.session.supervisor.ports();
  }

  watchPorts(signal: AbortSignal): AsyncIterable<readonly number[]> {
    return this.#parts.session.supervisor.watchPorts(signal);
  }

  connect(to: ConnectTarget): Promise<Duplex> {
    return this.#parts.session.supervisor.connect(to);
  }

  egressDecisions(): readonly EgressDecision[] {
    return this.#parts.decisions();
  }

  close(): Promise<void> {
    return this.#parts.session.close();
  }

  #walk(): Promise<Walk> {
    const { session } = this.#parts;
    const walk = this.#walking.then(async () => {
      // Stopped between its birth and its first instruction, a program would hold up the supervisor that starts it.
      await session.supervisor.ping();
      return session.whileFrozen(() => session.supervisor.files.walk());
    });
    this.#walking = walk.catch(() => undefined);
    return walk;
  }
}
