import { refuseRemoval, type Actor, type Removal, type RemovalPreview, type RunState } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import type { BackupSource } from '../backup/backup-source.ts';
import type { Database, Sql } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { UploadFiles } from '../uploads/upload-files.ts';
import type { BlobIndex } from './blob-index.ts';
import type { Leftovers } from './leftovers.ts';
import { listRemoval } from './list-removal.ts';

export interface RunRemovalParts {
  readonly database: Database;
  readonly events: EventStore;
  readonly uploads: UploadFiles;
  readonly index: BlobIndex;
  readonly leftovers: Leftovers;
  readonly backup: BackupSource;
  /** Frees what belongs to nobody now, in the background. */
  readonly cleanUp: () => void;
}

/**
 * Archives and deletes runs. What counts is one transaction; files go after it, and whatever a kill leaves of them belongs to no run
 * any more, so the next clean-up takes it.
 */
export class RunRemoval {
  readonly #parts: RunRemovalParts;

  constructor(parts: RunRemovalParts) {
    this.#parts = parts;
  }

  /** What would go and what stays, with sizes. Changes nothing. */
  async preview(runId: string, removal: Removal): Promise<RemovalPreview> {
    const state = await this.#parts.events.state(runId);
    await this.#parts.index.refresh();
    return listRemoval(this.#parts, state, removal);
  }

  /** Throws run_running, run_busy, run_archived, run_moved_on; nothing is gone then. */
  async archive(runId: string, order: { readonly actor: Actor; readonly seq: number | null }): Promise<void> {
    const { database, events, leftovers } = this.#parts;
    await database.transaction(async (sql) => {
      const run = await events.lock(sql, runId);
      const state = await events.lockedState(sql, run);
      await require(sql, { state, removal: 'archive', seq: order.seq });
      await events.append(sql, run, {
        events: [{ type: 'run.archived', actor: order.actor, data: { kept: [...state.pinned] } }],
      });
      // Whoever held it before can write no more, and nobody takes it again.
      await sql.query('update runs set epoch = epoch + 1, needs_work = false where id = $1', [runId]);
    });
    await leftovers.removeOf(runId);
    this.#parts.cleanUp();
  }

  /** The same; deleting what is deleted already is no error. Throws backup_running too. */
  async delete(runId: string, order: { readonly actor: Actor; readonly seq: number | null }): Promise<void> {
    const { database, events, leftovers, uploads, index, backup } = this.#parts;
    await index.refresh();
    const uploadId = await database.transaction(async (sql) => {
      if ((await sql.query('select 1 from tombstones where run_id = $1', [runId])).length > 0) return null;
      const run = await events.lock(sql, runId);
      const state = await events.lockedState(sql, run);
      await require(sql, { state, removal: 'delete', seq: order.seq });
      await bury(sql, state, order.actor);
      await sql.query('delete from run_events where run_id = $1', [runId]);
      await sql.query('delete from runs where id = $1', [runId]);
      // Asked last: a backup that begins from here on lists the runs after this one is gone.
      if (await backup.isRunning(sql))
        throw new DomainError('backup_running', 'conflict', {
          message: `A backup is being written, which holds run ${runId}; delete it when that is done.`,
        });
      return state.request.source.kind === 'upload' ? state.request.source.uploadId : null;
    });
    await leftovers.removeOf(runId);
    if (uploadId !== null) await uploads.removeUnused(uploadId);
    this.#parts.cleanUp();
  }
}

async function require(
  sql: Sql,
  { state, removal, seq }: { readonly state: RunState; readonly removal: Removal; readonly seq: number | null },
): Promise<void> {
  const refusal = refuseRemoval(state, removal);
  if (refusal) throw new DomainError(refusal.code, 'conflict', { message: refusal.message });
  if (seq !== null && seq !== state.seq)
    throw new DomainError('run_moved_on', 'conflict', {
      message: `Run ${state.id} went on since it was listed what would go (event ${state.seq}, not ${seq}); look at the list again.`,
    });
  const held = await sql.query('select 1 from runs where id = $1 and lease_until > now()', [state.id]);
  if (held.length > 0)
    throw new DomainError('run_busy', 'conflict', {
      message: `Run ${state.id} is just being put to rest; try again in a few seconds.`,
    });
}

/** Before the first event goes: only a run with a tombstone may lose its log. */
async function bury(sql: Sql, state: RunState, actor: Actor): Promise<void> {
  const by = actor.kind === 'person' ? actor.name : actor.kind;
  await sql.query(
    `insert into tombstones (run_id, created_at, deleted_by, events, bytes)
     select $1::text, $2::timestamptz, $3::text, $4::int, coalesce(sum(b.size) filter (
       where not exists (select 1 from blob_uses o where o.digest = b.digest and o.run_id <> $1)), 0)
     from blob_uses b where b.run_id = $1`,
    [state.id, state.createdAt, by, state.seq],
  );
}
