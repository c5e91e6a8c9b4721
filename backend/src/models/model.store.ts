import { ModelFigures, ModelTested } from '@devfactory/contracts';
import { z } from 'zod';
import type { Database } from '../store/database.ts';

const Texts = z.record(z.string(), z.string());

const testedPrefix = 'tested ';

/** A provider's values as they are stored: secrets sealed. */
export interface StoredProvider {
  readonly fields: Readonly<Record<string, string>>;
  readonly sealed: Readonly<Record<string, string>>;
}

/** What people set about models. */
export class ModelStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async provider(id: string): Promise<StoredProvider | null> {
    const [row] = await this.#database.query<{ fields: unknown; sealed: unknown }>(
      'select fields, sealed from model_providers where id = $1',
      [id],
    );
    return row ? { fields: Texts.parse(row.fields), sealed: Texts.parse(row.sealed) } : null;
  }

  async saveProvider(id: string, { fields, sealed }: StoredProvider): Promise<void> {
    await this.#database.query(
      `insert into model_providers (id, fields, sealed) values ($1, $2, $3)
       on conflict (id) do update set fields = $2, sealed = $3, updated_at = now()`,
      [id, JSON.stringify(fields), JSON.stringify(sealed)],
    );
  }

  async forgetProvider(id: string): Promise<void> {
    await this.#database.query('delete from model_providers where id = $1', [id]);
  }

  async figures(): Promise<ReadonlyMap<string, ModelFigures>> {
    const rows = await this.#database.query<{ ref: string; figures: unknown }>(
      'select ref, figures from model_figures',
    );
    return new Map(rows.map((row) => [row.ref, ModelFigures.parse(row.figures)]));
  }

  /** null: what comes along counts again. */
  async setFigures(ref: string, figures: ModelFigures | null): Promise<void> {
    if (figures === null) await this.#database.query('delete from model_figures where ref = $1', [ref]);
    else {
      await this.#database.query(
        'insert into model_figures (ref, figures) values ($1, $2) on conflict (ref) do update set figures = $2',
        [ref, JSON.stringify(figures)],
      );
    }
  }

  /** What tests found last, by model. */
  async tests(): Promise<ReadonlyMap<string, ModelTested>> {
    const rows = await this.#database.query<{ name: string; value: unknown }>(
      'select name, value from model_settings where name like $1',
      [`${testedPrefix}%`],
    );
    return new Map(rows.map((row) => [row.name.slice(testedPrefix.length), ModelTested.parse(row.value)]));
  }

  async setTested(ref: string, tested: ModelTested): Promise<void> {
    await this.setSetting(testedPrefix + ref, tested);
  }

  async setting<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    const [row] = await this.#database.query<{ value: unknown }>('select value from model_settings where name = $1', [
      name,
    ]);
    return row ? schema.parse(row.value) : null;
  }

  async setSetting(name: string, value: unknown): Promise<void> {
    if (value === null) await this.#database.query('delete from model_settings where name = $1', [name]);
    else {
      await this.#database.query(
        'insert into model_settings (name, value) values ($1, $2) on conflict (name) do update set value = $2',
        [name, JSON.stringify(value)],
      );
    }
  }
}
