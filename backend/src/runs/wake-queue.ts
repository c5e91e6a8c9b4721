import { PgBoss, type ConnectionOptions } from 'pg-boss';
import type { Log } from '../server/log.ts';
import type { Database, Sql } from '../store/database.ts';
import { alone } from '../store/migrate.ts';

const wakeQueue = 'run-awake';
const housekeepingQueue = 'housekeeping';

/**
 * Wakes workers: an entry is made in the transaction that gives a run something to do, and is there for every process
 * on the same database. It says nothing about where the run stands; the runs table and the events do.
 */
export class WakeQueue {
  readonly #boss: PgBoss;
  readonly #database: Database;
  readonly #log: Log;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
    this.#boss = new PgBoss({
      db: adapter(database),
      schema: 'queue',
      superviseIntervalSeconds: 30,
      monitorIntervalSeconds: 30,
      monitorVacuum: false,
    });
    // An unreachable database is reported here too; it comes back by itself.
    this.#boss.on('error', (error) => log.warn({ reason: error.message }, 'the queue had trouble'));
  }

  async start(work: { readonly wake: () => void; readonly housekeeping: () => Promise<void> }): Promise<void> {
    // The queue makes its own tables, and two that do so at once trip over each other.
    await alone(this.#database, () => this.#boss.start());
    // 'short': one entry per run waits, further ones are dropped.
    await this.#boss.createQueue(wakeQueue, {
      policy: 'short',
      retryLimit: 3,
      retryBackoff: true,
      expireInSeconds: 60,
      deleteAfterSeconds: 3600,
    });
    await this.#boss.createQueue(housekeepingQueue, {
      policy: 'short',
      retryLimit: 2,
      expireInSeconds: 600,
      deleteAfterSeconds: 3600,
    });
    await this.#boss.work(wakeQueue, { pollingIntervalSeconds: 2, batchSize: 50 }, async () => work.wake());
    await this.#boss.work(housekeepingQueue, { pollingIntervalSeconds: 30 }, () => work.housekeeping());
    await this.#boss.schedule(housekeepingQueue, '17 * * * *');
  }

  /** Within the transaction that gave the run something to do. */
  async send(sql: Sql, runId: string): Promise<void> {
    await this.#boss.send(wakeQueue, { runId }, { singletonKey: runId, db: adapter(sql) });
    await sql.query(`select pg_notify('run_awake', $1)`, [runId]);
  }

  async close(): Promise<void> {
    await this.#boss
      .stop({ graceful: true, timeout: 5_000 })
      .catch((error: unknown) => this.#log.warn({ reason: String(error) }, 'the queue did not stop in order'));
  }
}

function adapter(sql: Sql): NonNullable<ConnectionOptions['db']> {
  return { executeSql: async (text, values) => ({ rows: await sql.query(text, values ?? []) }) };
}
