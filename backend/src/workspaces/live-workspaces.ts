import { runWorkspace, runWorkspaceId, type EngineDeps } from '@devfactory/engine';
import { DomainError, type Workspace } from '@devfactory/kit';
import type { EventStore } from '../store/event-store.ts';
import type { SharedDriver } from './shared-driver.ts';

export interface LiveWorkspacesParts extends Pick<EngineDeps, 'toolchains' | 'limits' | 'agents'> {
  readonly driver: SharedDriver;
  readonly events: EventStore;
}

/**
 * A run's workspace for people: the same sandbox, files and ports that its agent has, also while no agent works. Terminal, IDE, editor and
 * preview each hold it as long as somebody uses them.
 */
export class LiveWorkspaces {
  readonly #parts: LiveWorkspacesParts;

  constructor(parts: LiveWorkspacesParts) {
    this.#parts = parts;
  }

  /**
   * Opens it, or takes a further hold on it; give it back with `close`. `gone` tells of its end by itself, then hold it again. Throws run_missing,
   * run_archived, workspace_not_ready, workspace_elsewhere, and what opening throws.
   */
  async hold(runId: string): Promise<Workspace> {
    const { driver, events } = this.#parts;
    const state = await events.state(runId);
    if (state.archived)
      throw new DomainError('run_archived', 'conflict', {
        message: `Run ${runId} is archived and its workspace is gone; fork one of its checkpoints to work on.`,
      });
    if (state.head === null)
      throw new DomainError('workspace_not_ready', 'unavailable', {
        message: `Run ${runId} is still fetching its first files; its workspace can be opened in a moment.`,
        retryAfterSeconds: 2,
      });
    if (state.rebuilding !== null || !(await driver.list()).includes(runWorkspaceId(runId)))
      throw new DomainError('workspace_elsewhere', 'unavailable', {
        message: `The files of run ${runId} are not on this machine. They come back from ${state.head} when the run goes on: give it feedback, or restore a checkpoint.`,
      });
    return driver.open(await runWorkspace(this.#parts, state));
  }

  /** A hold on it only if its sandbox stands; else null. */
  join(runId: string): Promise<Workspace | null> {
    return this.#parts.driver.join(runWorkspaceId(runId));
  }
}
