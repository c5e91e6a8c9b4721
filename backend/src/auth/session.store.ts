import { digestOf } from '../server/digest.ts';
import type { Database } from '../store/database.ts';
import { newToken } from './tokens.ts';

export const sessionDays = 30;
const loginMinutes = 15;

/** Who is logged in, by the hash of what their cookie holds. */
export interface Session {
  readonly hash: string;
}

/** Sessions and the one-time tokens that begin them. Tokens leave here once and are kept as hashes only. */
export class SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A token that logs in once, within 15 minutes. */
  async newLoginToken(): Promise<string> {
    const token = newToken('dfl');
    await this.#database.query(
      'insert into login_tokens (hash, expires_at) values ($1, now() + make_interval(mins => $2))',
      [digestOf(token), loginMinutes],
    );
    return token;
  }

  /** Trades a login token for a session's secret; null when it is unknown, used or too old. */
  async login(token: string): Promise<string | null> {
    return this.#database.transaction(async (sql) => {
      const taken = await sql.query('delete from login_tokens where hash = $1 and expires_at > now() returning hash', [
        digestOf(token),
      ]);
      if (taken.length === 0) return null;
      const secret = newToken('dfs');
      await sql.query('insert into sessions (hash, expires_at) values ($1, now() + make_interval(days => $2))', [
        digestOf(secret),
        sessionDays,
      ]);
      return secret;
    });
  }

  async find(secret: string): Promise<Session | null> {
    const [row] = await this.#database.query<{ hash: string }>(
      'select hash from sessions where hash = $1 and expires_at > now()',
      [digestOf(secret)],
    );
    return row ?? null;
  }

  /** Those of `hashes` whose session is over. */
  async ended(hashes: readonly string[]): Promise<string[]> {
    const rows = await this.#database.query<{ hash: string }>(
      'select hash from sessions where hash = any($1) and expires_at > now()',
      [[...hashes]],
    );
    const valid = new Set(rows.map(({ hash }) => hash));
    return hashes.filter((hash) => !valid.has(hash));
  }

  /** Ends a session everywhere; open streams hear of it. */
  async end(session: Session): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await sql.query('delete from sessions where hash = $1', [session.hash]);
      await sql.query(`select pg_notify('session_ended', $1)`, [session.hash]);
    });
  }

  async removeExpired(): Promise<void> {
    await this.#database.query('delete from sessions where expires_at < now()');
    await this.#database.query('delete from login_tokens where expires_at < now()');
  }
}
