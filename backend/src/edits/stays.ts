import { DomainError, type Workspace } from '@devfactory/kit';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';

const stayMs = 20_000;

interface Stay {
  readonly workspace: Promise<Workspace>;
  users: number;
  timer: NodeJS.Timeout | null;
}

/** Holds on runs' workspaces for requests that come one after the other: a sandbox is not started anew for each of them. */
export class Stays {
  readonly #workspaces: LiveWorkspaces;
  readonly #stays = new Map<string, Stay>();

  constructor(workspaces: LiveWorkspaces) {
    this.#workspaces = workspaces;
  }

  /** Does something in the run's workspace; once more in a new sandbox when the one it was in ended. Throws what holding it throws. */
  async in<T>(runId: string, act: (workspace: Workspace) => Promise<T>): Promise<T> {
    try {
      return await this.#once(runId, act);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'workspace_gone')) throw error;
      return this.#once(runId, act);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#stays].map(([runId, stay]) => this.#end(runId, stay)));
  }

  async #once<T>(runId: string, act: (workspace: Workspace) => Promise<T>): Promise<T> {
    const stay = this.#stays.get(runId) ?? this.#begin(runId);
    stay.users += 1;
    if (stay.timer) clearTimeout(stay.timer);
    try {
      return await act(await stay.workspace);
    } finally {
      stay.users -= 1;
      if (stay.users === 0) stay.timer = setTimeout(() => void this.#end(runId, stay), stayMs).unref();
    }
  }

  #begin(runId: string): Stay {
    const stay: Stay = { workspace: this.#workspaces.hold(runId), users: 0, timer: null };
    this.#stays.set(runId, stay);
    const over = (): void => void this.#end(runId, stay);
    void stay.workspace.then((workspace) => workspace.gone.then(over), over);
    return stay;
  }

  async #end(runId: string, stay: Stay): Promise<void> {
    if (this.#stays.get(runId) === stay) this.#stays.delete(runId);
    if (stay.timer) clearTimeout(stay.timer);
    await stay.workspace.then((workspace) => workspace.close()).catch(() => undefined);
  }
}
