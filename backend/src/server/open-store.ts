import type { PoolConfig } from 'pg';
import { Database } from '../store/database.ts';
import { EmbeddedPostgres } from '../store/embedded-postgres.ts';
import type { Closers } from './closers.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Log } from './log.ts';

export interface StorePlace {
  readonly directory: DataDirectory;
  readonly databaseUrl: string | null;
  readonly log: Log;
  readonly closers: Closers;
}

/** The database: the embedded one, or that of DATABASE_URL. */
export async function openStore(
  place: StorePlace,
): Promise<{ readonly database: Database; readonly connection: () => PoolConfig }> {
  const connection = await connect(place);
  const database = new Database(connection(), place.log);
  place.closers.add('database connections', () => database.close());
  return { database, connection };
}

async function connect({ directory, databaseUrl, log, closers }: StorePlace): Promise<() => PoolConfig> {
  if (databaseUrl !== null) return () => ({ connectionString: databaseUrl });
  const postgres = await EmbeddedPostgres.start({ dataDir: directory.path, runtimeDir: directory.runtimeDir, log });
  closers.add('database', () => postgres.close());
  return () => postgres.connection;
}
