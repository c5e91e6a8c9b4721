import type { Duplex } from 'node:stream';
import type {
  BackgroundProcess,
  EgressDecision,
  ExecResult,
  ExecSpec,
  Workspace,
  WorkspaceFiles,
} from '@devfactory/kit';
import type { Supervisor } from '@devfactory/supervisor';

export interface WorkspaceParts {
  readonly id: string;
  readonly supervisor: Supervisor;
  readonly notEnforced: readonly string[];
  readonly gone: Promise<string>;
  readonly decisions: () => readonly EgressDecision[];
  readonly close: () => Promise<void>;
}

/** The port's view of an open sandbox. */
export class BwrapWorkspace implements Workspace {
  readonly id: string;
  readonly files: WorkspaceFiles;
  readonly notEnforced: readonly string[];
  readonly gone: Promise<string>;
  readonly #parts: WorkspaceParts;

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.files = parts.supervisor.files;
    this.notEnforced = parts.notEnforced;
    this.gone = parts.gone;
  }

  exec(spec: ExecSpec, signal?: AbortSignal): Promise<ExecResult> {
    return this.#parts.supervisor.exec(spec, signal);
  }

  async start(spec: ExecSpec): Promise<BackgroundProcess> {
    return this.#parts.supervisor.start(spec);
  }

  ports(): Promise<readonly number[]> {
    return this.#parts.supervisor.ports();
  }

  connect(port: number): Promise<Duplex> {
    return this.#parts.supervisor.connect(port);
  }

  egressDecisions(): readonly EgressDecision[] {
    return this.#parts.decisions();
  }

  close(): Promise<void> {
    return this.#parts.close();
  }
}
