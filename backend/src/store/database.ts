import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '@devfactory/kit';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Log } from '../server/log.ts';
import { asCallerError, isConnectionFailure } from './connection-failure.ts';

/** Something that takes SQL: the pool, or one transaction. Values go in as parameters, never into the text. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export type Isolation = 'read committed' | 'repeatable read';

/** The embedded database is back after a second or two; whoever asks meanwhile waits rather than fails. */
const patienceMs = 5_000;
const retryMs = 100;

/**
 * The only way to PostgreSQL. A database that dies never takes the process along, and the pool connects anew once it is
 * back. What has not reached it yet waits a few seconds for that, then every method throws DomainError
 * database_unavailable; what was cut off in the middle is asked again only where it merely reads.
 */
export class Database implements Sql {
  readonly #pool: Pool;

  constructor(connection: PoolConfig, log: Log) {
    this.#pool = new Pool({
      max: 12,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 60_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      application_name: 'devfactory',
      ...connection,
    });
    // Without a listener an idle connection that breaks would end the process.
    this.#pool.on('error', (error) => {
      if (!this.#pool.ending) log.warn({ reason: error.message }, 'a database connection broke');
    });
    // Checked-out clients report the same break a second time, on themselves.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#patiently(async () => {
      const client = await this.#pool.connect();
      try {
        const rows = rowsOf<Row>(await client.query(text, [...values]));
        client.release();
        return rows;
      } catch (error) {
        client.release(isConnectionFailure(error));
        if (isReading(text)) throw error;
        throw asCallerError(error, 'commit');
      }
    });
  }

  /** Commits when `work` returns, rolls back when it throws. */
  async transaction<T>(work: (sql: Sql) => Promise<T>, isolation: Isolation = 'read committed'): Promise<T> {
    const client = await this.#begin(isolation);
    let broken = false;
    let phase: 'work' | 'commit' = 'work';
    try {
      const result = await work(sqlOf(client));
      phase = 'commit';
      await client.query('commit');
      return result;
    } catch (error) {
      broken = !(await rolledBack(client));
      throw asCallerError(error, phase);
    } finally {
      client.release(broken);
    }
  }

  /** A statement on a connection of its own, which stays as it is until the function that comes back is called (once or more). */
  async session(text: string, values: readonly unknown[] = []): Promise<() => void> {
    const client = await this.#patiently(async () => {
      const client = await this.#pool.connect();
      try {
        await client.query(text, [...values]);
        return client;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });
    let open = true;
    return () => {
      // The connection goes with all that was set on it.
      if (open) client.release(true);
      open = false;
    };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** A connection with a transaction begun: until then nothing was done, so that it can be tried again. */
  #begin(isolation: Isolation): Promise<PoolClient> {
    return this.#patiently(async () => {
      const client = await this.#pool.connect();
      try {
        await client.query(`begin isolation level ${isolation}`);
        return client;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });
  }

  /** Tries again while the database is away. An error that callers may see already ends it. */
  async #patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        const again = !(error instanceof DomainError) && isConnectionFailure(error) && !this.#pool.ending;
        if (!again || performance.now() > deadline) throw asCallerError(error);
      }
      await pause(retryMs);
    }
  }
}

function isReading(text: string): boolean {
  return /^\s*select\b/i.test(text);
}

function sqlOf(client: PoolClient): Sql {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      rowsOf<Row>(await client.query(text, [...values])),
  };
}

/** A text with several statements (the queue sends such) gives a result for each. */
function rowsOf<Row>(result: { readonly rows: Row[] } | readonly { readonly rows: Row[] }[]): Row[] {
  return 'rows' in result ? result.rows : result.flatMap(({ rows }) => rows);
}

/** False when the connection itself is gone: it must not go back into the pool. */
async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}
