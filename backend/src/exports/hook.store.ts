import type { Database } from '../store/database.ts';

export interface WaitingHook {
  readonly id: string;
  readonly repository: string;
}

const keptFor = '30 days';

/** Hooks that were taken: what they told is done after they were stored, and each once. */
export class HookStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** 'stored' after it is committed; 'known' for one of this id; 'replayed' for the same body under another id, which no forge sends. */
  async take(
    hook: WaitingHook & { readonly event: string; readonly digest: string },
  ): Promise<'stored' | 'known' | 'replayed'> {
    const { id, digest, event, repository } = hook;
    const stored = await this.#database.query(
      'insert into hooks (id, digest, event, repository) values ($1, $2, $3, $4) on conflict do nothing returning id',
      [id, digest, event, repository],
    );
    if (stored.length > 0) return 'stored';
    const [same] = await this.#database.query<{ digest: string }>('select digest from hooks where id = $1', [id]);
    return same?.digest === digest ? 'known' : 'replayed';
  }

  async waiting(): Promise<WaitingHook[]> {
    return this.#database.query<WaitingHook>('select id, repository from hooks where not done order by at limit 1000');
  }

  async done(hooks: readonly WaitingHook[]): Promise<void> {
    if (hooks.length > 0)
      await this.#database.query('update hooks set done = true where id = any($1)', [hooks.map(({ id }) => id)]);
  }

  async removeOld(): Promise<void> {
    await this.#database.query(`delete from hooks where done and at < now() - interval '${keptFor}'`);
  }
}
