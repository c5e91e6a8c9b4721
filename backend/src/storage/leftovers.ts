import { removeVerifierFolders } from '@devfactory/engine';
import type { WorkspaceDriver } from '@devfactory/kit';
import type { Database } from '../store/database.ts';

/** Workspaces on this machine whose run is archived or deleted: what a removal that was cut off left, or another server's. */
export class Leftovers {
  readonly #database: Database;
  readonly #driver: WorkspaceDriver;

  constructor(database: Database, driver: WorkspaceDriver) {
    this.#database = database;
    this.#driver = driver;
  }

  /** Ids of runs. A workspace of a run that nobody knows is none: its database may only be another one today. */
  async workspaces(): Promise<readonly string[]> {
    const ids = (await this.#driver.list()).filter((id) => /^run-[a-z2-7]{16}$/.test(id));
    if (ids.length === 0) return [];
    const rows = await this.#database.query<{ id: string }>(
      `select run_id as id from tombstones where run_id = any($1)
       union select id from runs where id = any($1) and summary ->> 'archived' = 'true' and lease_owner is null`,
      [ids.map((id) => id.replace('-', '_'))],
    );
    return rows.map(({ id }) => id);
  }

  async remove(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) await this.removeOf(runId);
  }

  /** May be called again at any time. Throws workspace_busy while it is in use. */
  async removeOf(runId: string): Promise<void> {
    await this.#driver.remove(workspaceOf(runId));
    await removeVerifierFolders(this.#driver, runId);
  }

  /** Bytes and number of files; null when there is none, or the driver does not measure. */
  async usageOf(runId: string): Promise<{ readonly bytes: number; readonly files: number } | null> {
    return (await this.#driver.usage?.(workspaceOf(runId))) ?? null;
  }

  /** Of all workspaces on this machine. */
  async usage(): Promise<{ readonly count: number; readonly bytes: number }> {
    const ids = await this.#driver.list();
    let bytes = 0;
    for (const id of ids) bytes += (await this.#driver.usage?.(id))?.bytes ?? 0;
    return { count: ids.length, bytes };
  }
}

function workspaceOf(runId: string): string {
  return runId.replace('_', '-');
}
