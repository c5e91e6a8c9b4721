import { OwnAgent } from '@devfactory/contracts';
import type { Database } from '../store/database.ts';

/** Agents of people's own. */
export class OwnAgentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One that a newer version wrote in another shape is left where it is. */
  async all(): Promise<OwnAgent[]> {
    const rows = await this.#database.query<{ value: unknown }>('select value from own_agents order by id');
    return rows.flatMap(({ value }) => OwnAgent.safeParse(value).data ?? []);
  }

  /** False when there are `most` others already. */
  save(agent: OwnAgent, most: number): Promise<boolean> {
    return this.#database.transaction(async (sql) => {
      await sql.query('lock table own_agents in share row exclusive mode');
      const [others] = await sql.query<{ count: string }>('select count(*) as count from own_agents where id <> $1', [
        agent.id,
      ]);
      if (Number(others?.count) >= most) return false;
      await sql.query(
        `insert into own_agents (id, value) values ($1, $2)
         on conflict (id) do update set value = $2, updated_at = now()`,
        [agent.id, JSON.stringify(agent)],
      );
      await sql.query("select pg_notify('own_agents', '')");
      return true;
    });
  }

  /** False when there was none. */
  async forget(id: string): Promise<boolean> {
    const rows = await this.#database.query(
      "delete from own_agents where id = $1 returning pg_notify('own_agents', '')",
      [id],
    );
    return rows.length > 0;
  }
}
