import type { Actor, FileChange, RunState } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import type { RunStore } from '../runs/run.store.ts';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';

export interface EditLogParts {
  readonly database: Database;
  readonly events: EventStore;
  readonly runs: RunStore;
}

/** What people changed, as events; each wakes the run, so that a checkpoint has it and what was proven of the old tree is proven anew. */
export class EditLog {
  readonly #parts: EditLogParts;

  constructor(parts: EditLogParts) {
    this.#parts = parts;
  }

  /** Throws run_cancelled, run_archived, restore_pending. */
  async requireEditable(runId: string): Promise<RunState> {
    const state = await this.#parts.events.state(runId);
    refuse(state);
    return state;
  }

  /** The place of the event. The file is written already: whatever a checkpoint after it sees has it. */
  record(runId: string, change: FileChange, actor: Actor): Promise<number> {
    return this.recordAll(runId, [change], actor);
  }

  /** The same of several at once; the place of the last. */
  async recordAll(runId: string, changes: readonly FileChange[], actor: Actor): Promise<number> {
    const { database, events, runs } = this.#parts;
    return database.transaction(async (sql) => {
      const run = await events.lock(sql, runId);
      const placed = await events.append(sql, run, {
        events: changes.map((data) => ({ type: 'file.changed', actor, data })),
      });
      await runs.wake(sql, runId);
      return placed.at(-1)?.seq ?? run.seq;
    });
  }

  /** The event that left the file like this; null when none did. */
  async seqOf(runId: string, file: { readonly path: string; readonly after: string }): Promise<number | null> {
    const { edits } = await this.#parts.events.state(runId);
    return edits.findLast((edit) => edit.path === file.path && edit.after === file.after)?.seq ?? null;
  }

  async seq(runId: string): Promise<number> {
    return (await this.#parts.events.state(runId)).seq;
  }
}

function refuse(state: RunState): void {
  const { id } = state;
  if (state.archived !== null)
    throw new DomainError('run_archived', 'conflict', {
      message: `Run ${id} is archived and its workspace is gone; fork one of its checkpoints to work on.`,
    });
  if (state.stage.name === 'cancelled')
    throw new DomainError('run_cancelled', 'conflict', {
      message: `Run ${id} was cancelled; fork one of its checkpoints to work on.`,
    });
  if (state.restoreRequested !== null || state.restoringFrom !== null)
    throw new DomainError('restore_pending', 'conflict', {
      message: `Run ${id} is just restoring ${state.restoreRequested ?? 'a checkpoint'}; save again when that is done.`,
    });
}
