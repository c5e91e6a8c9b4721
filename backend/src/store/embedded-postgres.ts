import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '@devfactory/kit';
import { Client, type PoolConfig } from 'pg';
import type { Log } from '../server/log.ts';
import { openCluster, requireReachable, type Cluster } from './cluster.ts';
import { installPostgres } from './postgres-binaries.ts';
import { hasStalePidFile, livingPostmaster, orphansEnded, pidFile, serves } from './postmaster.ts';

const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
const watchPauseMs = 200;
const longestPauseMs = 5_000;
const socketPort = 5432;

/**
 * The PostgreSQL that comes along: reachable through a unix socket only. It outlives a killed Node, and the next start
 * adopts it; when it dies by itself it is started again until `close`.
 */
export class EmbeddedPostgres {
  readonly #cluster: Cluster;
  readonly #programs: string;
  readonly #dataDir: string;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #pid = 0;
  #socketDir: string;
  #child: ChildProcess | null = null;
  #guard: Promise<void> = Promise.resolve();

  private constructor(place: { cluster: Cluster; programs: string; dataDir: string; log: Log }) {
    this.#cluster = place.cluster;
    this.#programs = place.programs;
    this.#dataDir = place.dataDir;
    this.#log = place.log;
    this.#socketDir = place.cluster.socketDir;
  }

  static async start(place: {
    readonly dataDir: string;
    readonly runtimeDir: string;
    readonly log: Log;
  }): Promise<EmbeddedPostgres> {
    await requireReachable(place.dataDir);
    const programs = await installPostgres(place.runtimeDir);
    const cluster = await openCluster(place.dataDir, programs);
    const postgres = new EmbeddedPostgres({ cluster, programs, dataDir: place.dataDir, log: place.log });
    await postgres.#bringUp();
    postgres.#guard = postgres.#keepUp();
    return postgres;
  }

  get connection(): PoolConfig {
    return {
      host: this.#socketDir,
      port: socketPort,
      user: 'devfactory',
      password: this.#cluster.password,
      database: 'postgres',
    };
  }

  /** Process id of the postmaster, for doctor and tests. */
  get pid(): number {
    return this.#pid;
  }

  /** Ends the database cleanly. May be called twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#guard;
    await this.#end('SIGINT', stopTimeoutMs);
    await this.#end('SIGQUIT', stopTimeoutMs);
    // The one in the system's temporary folder would stay for ever; one that still holds something does.
    await rmdir(this.#socketDir).catch(() => undefined);
  }

  async #bringUp(): Promise<void> {
    const { directory } = this.#cluster;
    const living = await livingPostmaster(directory);
    if (living) {
      this.#pid = living.pid;
      this.#socketDir = living.socketDir || this.#cluster.socketDir;
      this.#log.info({ postmaster: living.pid }, 'found the database running and took it over');
    } else {
      if (!(await orphansEnded(directory, stopTimeoutMs))) {
        throw new DomainError('database_start', 'unavailable', {
          message: `Processes of a database that was killed still use ${directory}. End them (ps shows them as postgres), then start again.`,
        });
      }
      if (await hasStalePidFile(directory)) await rm(pidFile(directory), { force: true });
      // The dead one's number may have been given anew, or wait as a zombie to be reaped: its lock would be believed.
      await rm(join(this.#cluster.socketDir, `.s.PGSQL.${socketPort}.lock`), { force: true });
      await this.#spawn();
    }
    await this.#waitUntilReady();
  }

  async #spawn(): Promise<void> {
    const { directory, socketDir, user } = this.#cluster;
    const output = await open(this.#outputFile, 'w', 0o600);
    try {
      this.#child = spawn(join(this.#programs, 'bin', 'postgres'), ['-D', directory, ...settings(socketDir)], {
        ...user,
        cwd: '/',
        // A session of its own: Ctrl-C in the terminal ends us first, and we end it in order.
        detached: true,
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', output.fd, output.fd],
      });
      await new Promise<void>((resolve, reject) => this.#child?.once('spawn', resolve).once('error', reject));
      this.#child.unref();
      this.#pid = this.#child.pid ?? 0;
      this.#socketDir = socketDir;
    } finally {
      await output.close();
    }
  }

  async #waitUntilReady(): Promise<void> {
    const deadline = performance.now() + startTimeoutMs;
    while (performance.now() < deadline) {
      if (await answers(this.connection)) return;
      if (!this.#alive()) throw await this.#startFailure('it ended');
      await pause(20);
    }
    throw await this.#startFailure(`it did not answer for ${startTimeoutMs / 1000} s`);
  }

  /** Starts the database again whenever it is gone, with growing pauses. */
  async #keepUp(): Promise<void> {
    const { signal } = this.#closing;
    let wait = watchPauseMs;
    while (!signal.aborted) {
      if (await this.#gone()) {
        this.#log.warn({ postmaster: this.#pid }, 'the database is gone; starting it again');
        try {
          await this.#bringUp();
          wait = watchPauseMs;
        } catch (error) {
          this.#log.error(
            { reason: error instanceof Error ? error.message : String(error) },
            'the database did not start',
          );
          wait = Math.min(wait * 2, longestPauseMs);
        }
      }
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  async #gone(): Promise<boolean> {
    return !this.#alive() || !(await serves(this.#pid, this.#cluster.directory));
  }

  #alive(): boolean {
    if (this.#child && this.#child.pid === this.#pid)
      return this.#child.exitCode === null && this.#child.signalCode === null;
    try {
      process.kill(this.#pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  async #end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    if (await this.#gone()) return;
    process.kill(this.#pid, signal);
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline && !(await this.#gone())) await pause(20);
  }

  get #outputFile(): string {
    return join(this.#dataDir, 'postgres-start.log');
  }

  async #startFailure(why: string): Promise<DomainError> {
    const output = await readFile(this.#outputFile, 'utf8').catch(() => '');
    const said = output.trim().split('\n').slice(-5).join(' ');
    return new DomainError('database_start', 'unavailable', {
      message: `The embedded database did not start: ${why}. ${said} Its log is in ${join(this.#cluster.directory, 'log')}.`,
    });
  }
}

function settings(socketDir: string): string[] {
  const values = {
    listen_addresses: '',
    // A list to PostgreSQL: quoted, a comma or space in the path is part of it.
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    port: String(socketPort),
    max_connections: '60',
    shared_buffers: '64MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_truncate_on_rotation: 'on',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function answers(connection: PoolConfig): Promise<boolean> {
  const client = new Client({ ...connection, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    // Waiting cannot mend a wrong password.
    if (error instanceof Error && 'code' in error && error.code === '28P01') throw error;
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
