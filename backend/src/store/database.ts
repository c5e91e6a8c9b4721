import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Log } from '../server/log.ts';
import { asCallerError } from './connection-failure.ts';

/** Something that takes SQL: the pool, or one transaction. Values go in as parameters, never into the text. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export type Isolation = 'read committed' | 'repeatable read';

/**
 * The only way to PostgreSQL. Every method may throw DomainError database_unavailable; a database that dies never takes
 * the process along, and the pool connects anew once it is back.
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
    try {
      return rowsOf<Row>(await this.#pool.query(text, [...values]));
    } catch (error) {
      throw asCallerError(error);
    }
  }

  /** Commits when `work` returns, rolls back when it throws. */
  async transaction<T>(work: (sql: Sql) => Promise<T>, isolation: Isolation = 'read committed'): Promise<T> {
    const client = await this.#connect();
    let broken = false;
    try {
      await client.query(`begin isolation level ${isolation}`);
      const result = await work(sqlOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      broken = !(await rolledBack(client));
      throw asCallerError(error);
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw asCallerError(error);
    }
  }
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
