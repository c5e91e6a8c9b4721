import { Intake, type IntakeAsk, type IntakeList } from '@devfactory/contracts';
import { z } from 'zod';
import type { Database, Sql } from '../store/database.ts';

/** What is kept of an ask. */
const KeptAsk = z.object({ number: z.int(), what: z.enum(['issue', 'comment']), asker: z.string(), url: z.string() });
export type KeptAsk = z.infer<typeof KeptAsk>;

export interface OpenIntake {
  readonly intake: Intake;
  readonly since: Date;
  readonly seen: Date;
}

interface AskRow {
  readonly repository: string;
  readonly key: string;
  readonly ask: unknown;
  readonly run_id: string | null;
  readonly sentence: string;
  readonly at: Date;
  readonly answer: string | null;
}

/** An answer that an issue is still to get. */
export interface DueAnswer extends KeptAsk {
  readonly repository: string;
  readonly key: string;
  readonly runId: string;
}

/** Repositories whose issues may begin runs, and what was asked for there. Names of repositories are the same in any case. */
export class IntakeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(): Promise<IntakeList> {
    const intakes = await this.#database.query<{ value: unknown; switched_by: string; since: Date; trouble: string }>(
      'select * from intakes order by repository',
    );
    const asks = await this.#database.query<AskRow>('select * from intake_asks order by at desc, key limit 100');
    return {
      intakes: intakes.map((row) => ({
        ...Intake.parse(row.value),
        by: row.switched_by,
        since: row.since.toISOString(),
        trouble: row.trouble,
      })),
      asks: asks.map(({ repository, ask, run_id: runId, sentence, at, answer }): IntakeAsk => ({
        repository,
        ...KeptAsk.parse(ask),
        at: at.toISOString(),
        runId,
        sentence,
        answer: answer ?? '',
      })),
    };
  }

  /** What is on already keeps its beginning. */
  async switchOn(intake: Intake, by: string): Promise<void> {
    await this.#database.query(
      `insert into intakes (repository, value, switched_by, since, seen) values ($1, $2, $3, now(), now())
       on conflict (repository) do update set value = $2, switched_by = $3`,
      [intake.repository.toLowerCase(), JSON.stringify(intake), by],
    );
  }

  async switchOff(repository: string): Promise<void> {
    await this.#database.query('delete from intakes where repository = $1', [repository.toLowerCase()]);
  }

  async open(): Promise<OpenIntake[]> {
    const rows = await this.#database.query<{ value: unknown; since: Date; seen: Date }>(
      'select value, since, seen from intakes order by repository',
    );
    return rows.map(({ value, since, seen }) => ({ intake: Intake.parse(value), since, seen }));
  }

  /** What was changed before `seen` need not be looked at again. */
  async looked(
    repository: string,
    { seen, trouble }: { readonly seen: Date | null; readonly trouble: string },
  ): Promise<void> {
    await this.#database.query(
      'update intakes set seen = greatest(since, coalesce($2, seen)), trouble = $3 where repository = $1',
      [repository.toLowerCase(), seen, trouble.slice(0, 1000)],
    );
  }

  async known(repository: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#database.query<{ key: string }>(
      'select key from intake_asks where repository = $1 and key = any($2)',
      [repository.toLowerCase(), [...keys]],
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** False for one that was taken before, or where nothing is taken any more. With a run an answer is due. */
  async take(
    sql: Pick<Sql, 'query'>,
    repository: string,
    taken: KeptAsk & { readonly key: string; readonly runId: string | null; readonly sentence: string },
  ): Promise<boolean> {
    const { key, runId, sentence, number, what, asker, url } = taken;
    const ask = JSON.stringify({ number, what, asker: asker.slice(0, 100), url: url.slice(0, 500) });
    const rows = await sql.query(
      `insert into intake_asks (repository, key, ask, run_id, sentence, answer)
       select $1, $2, $3, $4, $5, $6 from intakes where repository = $1 for key share
       on conflict do nothing returning key`,
      [repository.toLowerCase(), key, ask, runId, sentence.slice(0, 1000), runId === null ? '' : null],
    );
    return rows.length > 0;
  }

  /** For one statement of its own. */
  get sql(): Pick<Sql, 'query'> {
    return this.#database;
  }

  async answersDue(): Promise<DueAnswer[]> {
    const rows = await this.#database.query<AskRow & { run_id: string }>(
      'select * from intake_asks where answer is null and run_id is not null order by at limit 100',
    );
    return rows.map((row) => ({
      ...KeptAsk.parse(row.ask),
      repository: row.repository,
      key: row.key,
      runId: row.run_id,
    }));
  }

  async answered({ repository, key }: Pick<DueAnswer, 'repository' | 'key'>, answer: string): Promise<void> {
    await this.#database.query('update intake_asks set answer = $3 where repository = $1 and key = $2', [
      repository,
      key,
      answer.slice(0, 1000),
    ]);
  }
}
