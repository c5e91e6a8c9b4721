import type { Database, Sql } from '../store/database.ts';

/** Any number that nothing else in this database locks by. */
const key = 7_717_001;

/** Says to every process on this database that a backup is being written. PostgreSQL takes it back when its holder dies. */
export class BackupLock {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Several may hold it at once. Gives what lets go of it; that may be called twice. */
  hold(): Promise<() => void> {
    return this.#database.session('select pg_advisory_lock_shared($1)', [key]);
  }

  /** Whether somebody holds it: what is there now must stay until then. */
  async isHeld(sql: Sql = this.#database): Promise<boolean> {
    const rows = await sql.query(
      `select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
         and classid = 0 and objid = $1 and objsubid = 1 and granted`,
      [key],
    );
    return rows.length > 0;
  }
}
