import type { RunSummary } from '@devfactory/contracts';
import type { Database, Sql } from '../store/database.ts';
import type { PageCursor, RunOrder } from './page-cursor.ts';
import type { WakeQueue } from './wake-queue.ts';

export interface RunFilter {
  readonly limit: number;
  readonly sort: RunOrder;
  readonly before: Pick<PageCursor, 'at' | 'id'> | null;
  readonly state: string | null;
  readonly words: string | null;
  readonly forkedFrom: string | null;
  readonly archived: 'no' | 'yes' | 'all';
}

/** What the list is ordered by. Dates go as their summaries write them, which is what the columns hold. */
const orders: Readonly<
  Record<RunOrder, { readonly by: string; readonly type: string; readonly way: 'asc' | 'desc'; readonly text: string }>
> = {
  newest: { by: 'created_at', type: 'timestamptz', way: 'desc', text: `summary ->> 'createdAt'` },
  active: { by: 'updated_at', type: 'timestamptz', way: 'desc', text: `summary ->> 'updatedAt'` },
  name: { by: 'left(lower(name), 200)', type: 'text', way: 'asc', text: 'left(lower(name), 200)' },
  open: { by: share(), type: 'numeric', way: 'asc', text: `${share()}::text` },
};

/** What is proven of all requirements, from 0 to 1. */
function share(): string {
  const count = (of: string): string => `(summary -> 'requirements' ->> '${of}')::numeric`;
  return `round(${count('proven')} / greatest(${count('total')}, 1), 6)`;
}

/** The projection of runs for lists, and the bell that wakes workers. */
export class RunStore {
  readonly #database: Database;
  readonly #queue: WakeQueue;

  constructor(database: Database, queue: WakeQueue) {
    this.#database = database;
    this.#queue = queue;
  }

  /** With what each is ordered by: where the next page goes on. */
  async list(filter: RunFilter): Promise<{ readonly summary: RunSummary; readonly at: string }[]> {
    const { by, type, way, text } = orders[filter.sort];
    return this.#database.query<{ summary: RunSummary; at: string }>(
      `select summary, ${text} as at from runs
       where ($1::text is null or (${by}, id) ${way === 'desc' ? '<' : '>'} ($1::text::${type}, $2))
         and ($3::text is null or stage = $3)
         and ($4::text is null or search like $4)
         and ($6::text is null or summary -> 'forkedFrom' ->> 'runId' = $6)
         and ($7 = 'all' or coalesce(summary ->> 'archived', 'false') = case $7 when 'yes' then 'true' else 'false' end)
       order by ${by} ${way}, id ${way} limit $5`,
      [
        filter.before?.at ?? null,
        filter.before?.id ?? null,
        filter.state,
        filter.words === null ? null : pattern(filter.words),
        filter.limit,
        filter.forkedFrom,
        filter.archived,
      ],
    );
  }

  async summaries(runIds: readonly string[]): Promise<RunSummary[]> {
    if (runIds.length === 0) return [];
    const rows = await this.#database.query<{ summary: RunSummary }>('select summary from runs where id = any($1)', [
      [...runIds],
    ]);
    return rows.map(({ summary }) => summary);
  }

  /** Runs that changed since a moment, oldest change first. */
  async changedSince(moment: Date): Promise<RunSummary[]> {
    const rows = await this.#database.query<{ summary: RunSummary }>(
      'select summary from runs where updated_at >= $1 order by updated_at limit 1000',
      [moment],
    );
    return rows.map(({ summary }) => summary);
  }

  /** Of each agent the run that changed last. */
  async lastOfAgents(): Promise<
    ReadonlyMap<string, Pick<RunSummary, 'id' | 'name' | 'state' | 'sentence' | 'updatedAt'>>
  > {
    const rows = await this.#database.query<{ summary: RunSummary }>(
      `select distinct on (summary ->> 'agent') summary from runs order by summary ->> 'agent', updated_at desc`,
    );
    return new Map(
      rows.map(({ summary: { agent, id, name, state, sentence, updatedAt } }) => [
        agent,
        { id, name, state, sentence, updatedAt },
      ]),
    );
  }

  /** Runs of an agent that have not ended, newest first. */
  async workingWith(agent: string, most: number): Promise<Pick<RunSummary, 'id' | 'name'>[]> {
    return this.#database.query<{ id: string; name: string }>(
      `select id, name from runs
       where summary ->> 'agent' = $1 and stage not in ('delivered', 'finished', 'failed', 'cancelled')
       order by created_at desc limit $2`,
      [agent, most],
    );
  }

  /** Within the transaction that gave the run something to do: a worker will look at it. */
  async wake(sql: Sql, runId: string): Promise<void> {
    await sql.query(`update runs set needs_work = true, wakes = wakes + 1, not_before = '-infinity' where id = $1`, [
      runId,
    ]);
    await this.#queue.send(sql, runId);
  }
}

/** Words as plain text: the pattern's own signs mean themselves. */
function pattern(words: string): string {
  return `%${words.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
