import { GuidanceSetting, GuidanceValue, TrustMark, type GuidanceList } from '@devfactory/contracts';
import { z } from 'zod';
import type { Database, Sql } from '../store/database.ts';

/** What people declared, and what they trust of projects' files. */
export class GuidanceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async settings(): Promise<GuidanceSetting[]> {
    const rows = await this.#database.query<{ kind: string; name: string; project: string | null; value: unknown }>(
      'select kind, name, project, value from guidance order by kind, name',
    );
    return rows.map(({ kind, name, project, value }) =>
      GuidanceSetting.parse({ kind, name, project, ...GuidanceValue.parse(value) }),
    );
  }

  /** False when there are `most` others already. */
  save({ kind, name, project, ...value }: GuidanceSetting, most: number): Promise<boolean> {
    return this.#database.transaction(async (sql) => {
      await sql.query('lock table guidance in share row exclusive mode');
      const [others] = await sql.query<{ count: string }>(
        'select count(*) as count from guidance where kind <> $1 or name <> $2',
        [kind, name],
      );
      if (Number(others?.count) >= most) return false;
      await sql.query(
        `insert into guidance (kind, name, project, value) values ($1, $2, $3, $4)
         on conflict (kind, name) do update set project = $3, value = $4, updated_at = now()`,
        [kind, name, project, JSON.stringify(value)],
      );
      return true;
    });
  }

  async forget({ kind, name }: Pick<GuidanceSetting, 'kind' | 'name'>): Promise<void> {
    await this.#database.query('delete from guidance where kind = $1 and name = $2', [kind, name]);
  }

  async trusted(): Promise<GuidanceList['trusted']> {
    const rows = await this.#database.query<Record<'project' | 'path' | 'hash' | 'trusted_by', string> & { at: Date }>(
      'select * from guidance_trust order by at desc, project, path limit 1000',
    );
    return rows.map(({ project, path, hash, trusted_by: by, at }) => ({
      project,
      path,
      hash,
      by,
      at: at.toISOString(),
    }));
  }

  async trustedIn(project: string): Promise<TrustMark[]> {
    const rows = await this.#database.query<TrustMark>('select path, hash from guidance_trust where project = $1', [
      project,
    ]);
    return z.array(TrustMark).parse(rows);
  }

  async trust(sql: Pick<Sql, 'query'>, project: string, mark: TrustMark & { readonly by: string }): Promise<void> {
    await sql.query(
      'insert into guidance_trust (project, path, hash, trusted_by) values ($1, $2, $3, $4) on conflict do nothing',
      [project, mark.path, mark.hash, mark.by],
    );
  }

  async distrust(sql: Pick<Sql, 'query'>, project: string, { path, hash }: TrustMark): Promise<void> {
    await sql.query('delete from guidance_trust where project = $1 and path = $2 and hash = $3', [project, path, hash]);
  }

  /** For one statement of its own. */
  get sql(): Pick<Sql, 'query'> {
    return this.#database;
  }
}
