import { DeliveryProgress } from '@devfactory/contracts';
import type { Database } from '../store/database.ts';

/**
 * How far deliveries are, told to every process through the database's own channel. Nothing is stored and nothing waits for it: while
 * the database is slow, only the newest of each is kept.
 */
export class ToldProgress {
  readonly #database: Pick<Database, 'query'>;
  readonly #newest = new Map<string, string>();
  #telling = false;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  take(runId: string, progress: DeliveryProgress): void {
    this.#newest.set(`${runId} ${progress.exportId}`, JSON.stringify({ runId, progress }));
    if (!this.#telling) void this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    this.#telling = true;
    try {
      while (this.#newest.size > 0) {
        const payloads = [...this.#newest.values()];
        this.#newest.clear();
        await this.#database.query(`select pg_notify('run_progress', p) from unnest($1::text[]) as p`, [payloads]);
      }
    } catch {
      // It is for the eye alone.
    } finally {
      this.#telling = false;
    }
  }
}

/** Null for what is no such message. */
export function readToldProgress(
  payload: string,
): { readonly runId: string; readonly progress: DeliveryProgress } | null {
  const { runId, progress } = JSON.parse(payload) as { runId: string; progress: unknown };
  const read = DeliveryProgress.safeParse(progress);
  return read.success ? { runId, progress: read.data } : null;
}
