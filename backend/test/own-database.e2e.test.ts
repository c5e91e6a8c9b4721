import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Factory, planOnly, problem } from './factory.ts';

let host: Factory;
beforeAll(async () => {
  host = await Factory.start();
});
afterAll(() => host.end());

async function databaseUrl(name: string, folder = join(host.dataDir, 'postgres-socket')): Promise<string> {
  await host.sql(`create database ${name}`);
  const password = (await readFile(join(host.dataDir, 'postgres-password'), 'utf8')).trim();
  return `postgres://devfactory:${password}@/${name}?host=${encodeURIComponent(folder)}`;
}

test('a PostgreSQL of one’s own serves instead of the embedded one, for several servers at once', async () => {
  const url = await databaseUrl('shared');
  const [one, two] = await Promise.all([Factory.start({ databaseUrl: url }), Factory.start({ databaseUrl: url })]);
  try {
    const id = await one.create({ prompt: 'seen by both', agent: 'scripted', agentOptions: planOnly });
    expect((await two.state(id)).name).toBe('seen by both');
    await one.command(id, { do: 'cancel' });
    await eventually(async () => {
      if ((await two.state(id)).stage.name !== 'cancelled') throw new Error('not yet');
    });
    await expect(readFile(join(one.dataDir, 'postgres-password'))).rejects.toMatchObject({ code: 'ENOENT' });
  } finally {
    await Promise.all([one.end(), two.end()]);
  }
});

test('a database of a newer version is refused, and not touched', async () => {
  const url = await databaseUrl('newer');
  const first = await Factory.start({ databaseUrl: url });
  await first.end();
  const second = await Factory.start({ databaseUrl: await databaseUrl('tools') });
  try {
    await host.sql('select 1');
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`insert into migrations (name) values ('9999_from_the_future.sql')`);
    await client.end();
    await expect(Factory.start({ databaseUrl: url })).rejects.toMatchObject({ code: 'database_too_new' });
    expect(problem(await second.ask('/api/nothing')).status).toBe(404);
  } finally {
    await second.end();
  }
});

test('a database that cannot be reached is said at the start', async () => {
  await expect(Factory.start({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'database_unavailable',
  });
});

test('a database that stays away is a 424 that says when to try again, and all goes on once it is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'devfactory-test-'));
  const road = new Road(join(host.dataDir, 'postgres-socket', '.s.PGSQL.5432'), join(folder, '.s.PGSQL.5432'));
  await road.open();
  const factory = await Factory.start({ databaseUrl: await databaseUrl('away', folder) });
  try {
    await road.close();
    const asked = [factory.ask('/api/runs'), factory.ask('/api/runs', { json: { prompt: 'x', agent: 'blueprint' } })];
    for (const answer of await Promise.all(asked)) {
      expect(problem(answer)).toMatchObject({ status: 424, code: 'database_unavailable', retryAfter: 2 });
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect((await factory.ask('/healthz', { as: 'nobody' })).status).toBe(200);
    await road.open();
    expect((await factory.ask('/api/runs')).status).toBe(200);
  } finally {
    await road.open();
    await factory.end();
    await road.close();
    await rm(folder, { recursive: true });
  }
});

/** A way to a database that can be cut. */
class Road {
  readonly #to: string;
  readonly #from: string;
  readonly #ends = new Set<() => void>();
  #server: Server | null = null;

  constructor(to: string, from: string) {
    this.#to = to;
    this.#from = from;
  }

  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer((socket) => {
      const there = connect(this.#to);
      const end = (): void => {
        socket.destroy();
        there.destroy();
        this.#ends.delete(end);
      };
      this.#ends.add(end);
      for (const side of [socket, there]) side.on('error', end).on('close', end);
      socket.pipe(there).pipe(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#from, resolve));
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const end of this.#ends) end();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}
