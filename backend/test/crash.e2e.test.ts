import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from './factory.ts';

const entry = fileURLToPath(new URL('../dist/serve.js', import.meta.url));
const why = existsSync(entry) ? '' : ' (skipped: the server is not built, run `npm run build`)';

/** A server in a process of its own, which can be killed. */
class Server {
  readonly process: ChildProcess;
  readonly #dataDir: string;
  /** What it wrote to stderr so far. */
  log = '';
  readonly url: string;

  private constructor(process: ChildProcess, place: { dataDir: string; url: string }) {
    this.process = process;
    this.#dataDir = place.dataDir;
    this.url = place.url;
    process.stderr?.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
  }

  static async start(dataDir: string, args: readonly string[] = []): Promise<Server> {
    const child = spawn(process.execPath, [entry, '--data-dir', dataDir, '--port', '0', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const line = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`exit ${String(code)}: ${said}`))),
    ]);
    return new Server(child, { dataDir, url: (JSON.parse(line) as { url: string }).url });
  }

  async ask<T>(path: string, json?: unknown): Promise<T> {
    const token = await readFile(join(this.#dataDir, 'cli-token'), 'utf8');
    const response = await fetch(this.url + path, {
      method: json === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const exited = once(this.process, 'exit');
    this.process.kill(signal);
    return (await exited)[0] as number | null;
  }
}

describe.skipIf(why !== '')(`servers as processes${why}`, () => {
  let dataDir: string;
  let server: Server | null = null;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'devfactory-test-'));
  });
  afterEach(async () => {
    // A killed server leaves its database running: one more start takes it over and ends it in order.
    if (server === null || server.process.exitCode !== null || server.process.signalCode !== null)
      server = await Server.start(dataDir);
    await server.end('SIGTERM');
    server = null;
    await rm(dataDir, { recursive: true, force: true });
  });

  test('no token, cookie or login link is in the log, however a request ends', async () => {
    server = await Server.start(dataDir);
    const { url } = await server.ask<{ url: string }>('/api/login-links', {});
    const cookie = (await fetch(url, { redirect: 'manual' })).headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const token = await readFile(join(dataDir, 'cli-token'), 'utf8');
    for (const path of [
      url,
      `${server.url}/api/runs?q=${token}&x=1`,
      `${server.url}/api/${token}`,
      `${server.url}/${token}`,
    ]) {
      await fetch(path, { method: 'POST', headers: { cookie, authorization: `Bearer ${token}` } });
      await fetch(path, { headers: { cookie } });
    }
    const log = await eventually(async () => {
      if (!server?.log.includes('"status":404')) throw new Error('nothing logged yet');
      return server.log;
    });
    const secrets = [
      token,
      cookie.split('=')[1] ?? '',
      new URL(url).searchParams.get('token') ?? '',
      (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim(),
    ];
    expect(secrets.filter((secret) => secret === '' || log.includes(secret))).toEqual([]);
  });

  test('lock and pid files that a power cut left are seen to be stale', async () => {
    server = await Server.start(dataDir);
    expect(await server.end('SIGTERM')).toBe(0);
    await writeFile(
      join(dataDir, 'instance.lock'),
      JSON.stringify({ pid: process.pid, started: '1', boot: 'another boot' }),
    );
    await writeFile(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n${join(dataDir, 'postgres-socket')}\n\n\n`,
    );
    await mkdir(join(dataDir, 'postgres-socket'), { recursive: true });
    // Its number belongs to another process of the database's user by now.
    const { uid, gid } = await stat(join(dataDir, 'postgres'));
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
    onTestFinished(() => void stranger.kill());
    await writeFile(join(dataDir, 'postgres-socket', '.s.PGSQL.5432.lock'), `${stranger.pid}\n`);
    await writeFile(join(dataDir, 'server.json'), '{"port":1');
    server = await Server.start(dataDir);
    expect(await server.ask<object>('/api/runs')).toEqual({ runs: [], next: null });
  });

  test('a server that was started for someone ends when they are gone', async () => {
    server = await Server.start(dataDir, ['--with-parent']);
    const exited = once(server.process, 'exit');
    server.process.stdin?.end();
    expect((await exited)[0]).toBe(0);
    expect(existsSync(join(dataDir, 'server.json'))).toBe(false);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  test('a second server on the same data directory says so and ends', async () => {
    server = await Server.start(dataDir);
    await expect(Server.start(dataDir)).rejects.toThrow(
      /exit 1: .*Another DevFactory \(process \d+\) uses the data directory/,
    );
  });
});
