import { DomainError, type Spending } from '@devfactory/kit';
import type { Database, Sql } from '../store/database.ts';
import { DayBudgets } from './day-budgets.ts';
import type { ModelStore } from './model.store.ts';
import { readModelsFile } from './models-file.ts';

/** Any fixed number: calls are let through one after the other while there is a budget to divide. */
const spendingLock = 7_717_002;

/** What a day and a person may cost. What was spent is read from the runs' own events, so nothing can get out of step with them. */
export class DaySpending implements Spending {
  readonly #database: Database;
  readonly #store: ModelStore;
  readonly #dataDir: string;

  constructor(database: Database, store: ModelStore, dataDir: string) {
    this.#database = database;
    this.#store = store;
    this.#dataDir = dataDir;
  }

  async budgets(): Promise<DayBudgets> {
    const set = await this.#store.setting('day-budgets', DayBudgets);
    return set ?? (await readModelsFile(this.#dataDir)).budgets ?? { dayUsd: null, personDayUsd: null };
  }

  async setBudgets(budgets: DayBudgets): Promise<void> {
    await this.#store.setSetting('day-budgets', budgets);
  }

  async reserve<T>(runId: string, commit: () => Promise<T>): Promise<T> {
    const { dayUsd, personDayUsd } = await this.budgets();
    if (dayUsd === null && personDayUsd === null) return commit();
    return this.#database.transaction(async (sql) => {
      await sql.query('select pg_advisory_xact_lock($1)', [spendingLock]);
      if (dayUsd !== null) requireLeft('The day', await spentToday(sql, null), dayUsd);
      if (personDayUsd !== null) {
        const person = await personOf(sql, runId);
        requireLeft(person, await spentToday(sql, person), personDayUsd);
      }
      return commit();
    });
  }
}

function requireLeft(whose: string, spent: number, budget: number): void {
  if (spent < budget) return;
  throw new DomainError('budget_spent', 'conflict', {
    message: `${whose} has a budget of $${budget} and $${spent.toFixed(4)} of it are spent or set aside. Raise it in the settings or wait until midnight (UTC), then resume.`,
  });
}

async function personOf(sql: Sql, runId: string): Promise<string> {
  const [row] = await sql.query<{ name: string | null }>(
    `select actor->>'name' as name from run_events where run_id = $1 and seq = 1`,
    [runId],
  );
  return row?.name ?? 'nobody';
}

/** Settled calls at their price, those under way at what was set aside for them. */
async function spentToday(sql: Sql, person: string | null): Promise<number> {
  const [row] = await sql.query<{ usd: number | null }>(
    `with today as (
       select e.run_id, e.type, e.data->>'callId' as call,
         case when e.type = 'model.called' then (e.data->>'reservedUsd')::float8
           else (e.data->'usage'->>'costUsd')::float8 end as usd
       from run_events e
       where e.type in ('model.called', 'model.answered', 'model.failed')
         and e.at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'
         and ($1::text is null or exists (
           select 1 from run_events f where f.run_id = e.run_id and f.seq = 1 and f.actor->>'name' = $1))
     )
     select sum(usd) as usd from today t
     where t.type <> 'model.called'
       or not exists (select 1 from today u where u.run_id = t.run_id and u.call = t.call and u.type <> 'model.called')`,
    [person],
  );
  return row?.usd ?? 0;
}
