import type { TombstonePage } from '@devfactory/contracts';
import type { Database } from '../store/database.ts';

interface Row {
  readonly run_id: string;
  readonly created_at: Date;
  readonly deleted_at: Date;
  readonly deleted_by: string;
  readonly events: number;
  readonly bytes: string;
}

/** What is left of deleted runs. */
export class TombstoneStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({ offset, limit }: { readonly offset: number; readonly limit: number }): Promise<TombstonePage> {
    const rows = await this.#database.query<Row>(
      'select * from tombstones order by deleted_at desc, run_id limit $1 offset $2',
      [limit + 1, offset],
    );
    return {
      runs: rows.slice(0, limit).map((row) => ({
        id: row.run_id,
        createdAt: row.created_at.toISOString(),
        deletedAt: row.deleted_at.toISOString(),
        deletedBy: row.deleted_by,
        events: row.events,
        bytes: Number(row.bytes),
      })),
      next: rows.length > limit ? offset + limit : null,
    };
  }
}
