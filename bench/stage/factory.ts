import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient, type Client } from '@devfactory/client';
import { Client as Sql } from 'pg';
import type { Bench } from './bench.ts';

const program = join(import.meta.dirname, '../../backend/dist/serve.js');

/** The built server as a process of its own, on a free port. It ends with us, even when we are killed. */
export class Factory {
  readonly dataDir: string;
  readonly url: string;
  readonly token: string;
  readonly client: Client;
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(place: { dataDir: string; url: string; token: string; child: ChildProcess }) {
    this.dataDir = place.dataDir;
    this.url = place.url;
    this.token = place.token;
    this.#child = place.child;
    this.pid = place.child.pid ?? 0;
    this.client = createClient({ baseUrl: this.url, token: this.token });
  }

  /** Resolves when the server has said that it is ready; it ends with the row, if not before. Throws with its last words. */
  static async start(
    bench: Bench,
    dataDir: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Factory> {
    if (!existsSync(program)) throw new Error('The server is not built: npm run build');
    const child = spawn(process.execPath, [program, '--data-dir', dataDir, '--port', '0', '--with-parent'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...quietEnvironment(), ...environment },
    });
    bench.after(() => endProcess(child, 'SIGTERM'));
    const { url } = JSON.parse(await firstLine(child)) as { url: string };
    return new Factory({ dataDir, url, token: (await readFile(join(dataDir, 'cli-token'), 'utf8')).trim(), child });
  }

  /** Ends it in order, database included. May be called twice. */
  async stop(): Promise<void> {
    await endProcess(this.#child, 'SIGTERM');
  }

  /** Speaks SQL to the embedded database, as an administrator would. */
  async sql<T>(use: (sql: Sql) => Promise<T>): Promise<T> {
    const password = (await readFile(join(this.dataDir, 'postgres-password'), 'utf8')).trim();
    const host = join(this.dataDir, 'postgres-socket');
    const sql = new Sql({ host, user: 'devfactory', password, database: 'postgres' });
    await sql.connect();
    try {
      return await use(sql);
    } finally {
      await sql.end();
    }
  }
}

/** The database's first process. */
export async function postmasterOf(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** Without settings of whoever runs the bench, which would lead to another database or folder. */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const mine = Object.entries(process.env).filter(
    ([name]) => name !== 'DATABASE_URL' && name !== 'INIT_CWD' && !name.startsWith('DEVFACTORY_'),
  );
  return { ...Object.fromEntries(mine), DEVFACTORY_LOG: 'silent' };
}

/** Sends the signal and waits for the end; a process that hangs is killed. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  child.kill(signal);
  await gone;
  clearTimeout(timer);
}

/** The first line on stdout that is JSON (npm talks before), or everything that it said when it ended instead. */
export async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  return new Promise((resolve, reject) => {
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{')) resolve(line);
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}: ${said.trim()}`)));
  });
}
