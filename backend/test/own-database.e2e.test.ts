import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Factory, planOnly, problem } from './factory.ts';

let host: Factory;
beforeAll(async () => {
  host = await Factory.start();
});
afterAll(() => host.end());

async function databaseUrl(name: string): Promise<string> {
  await host.sql(`create database ${name}`);
  const password = (await readFile(join(host.dataDir, 'postgres-password'), 'utf8')).trim();
  return `postgres://devfactory:${password}@/${name}?host=${encodeURIComponent(join(host.dataDir, 'postgres-socket'))}`;
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
