import { readdir, readFile } from 'node:fs/promises';
import { DomainError } from '@devfactory/kit';
import type { Database, Sql } from './database.ts';

const folder = new URL('./migrations/', import.meta.url);
/** Any fixed number: processes that start at once must not change the schema at once. */
const schemaLock = 7_717_001;

/** Brings the schema up to date: numbered SQL files, each in a transaction of its own. Throws database_too_new. */
export async function migrate(database: Database): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).toSorted();
  await alone(database, (sql) =>
    sql.query('create table if not exists migrations (name text primary key, at timestamptz not null default now())'),
  );
  const known = await database.query<{ name: string }>('select name from migrations');
  const strangers = known.filter(({ name }) => !files.includes(name));
  if (strangers.length > 0) {
    throw new DomainError('database_too_new', 'conflict', {
      message: `The database was written by a newer version (it has ${strangers.map(({ name }) => name).join(', ')}). Start that version, or restore a backup into an empty data directory.`,
    });
  }
  for (const name of files) await apply(database, name);
}

/** Runs `work` while no other process on this database changes the schema. */
export function alone<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return database.transaction(async (sql) => {
    await sql.query('set local idle_in_transaction_session_timeout = 0');
    await sql.query('select pg_advisory_xact_lock($1)', [schemaLock]);
    return work(sql);
  });
}

async function apply(database: Database, name: string): Promise<void> {
  const text = await readFile(new URL(name, folder), 'utf8');
  await alone(database, async (sql) => {
    if ((await sql.query('select 1 from migrations where name = $1', [name])).length > 0) return;
    await sql.query(text);
    await sql.query('insert into migrations (name) values ($1)', [name]);
  });
}
