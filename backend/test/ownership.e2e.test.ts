import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '@devfactory/contracts';
import type { Lease } from '@devfactory/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LeaseStore } from '../src/runs/lease.store.ts';
import { PostgresRunLog } from '../src/runs/postgres-run-log.ts';
import { Worker } from '../src/runs/worker.ts';
import { Database } from '../src/store/database.ts';
import { EventStore } from '../src/store/event-store.ts';
import { Listener } from '../src/store/listener.ts';
import { eventually, Factory, planOnly } from './factory.ts';
import { Wire } from './wire.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const fact = (sentence: string) =>
  ({ type: 'limit.reached', actor: { kind: 'factory' }, data: { limit: 'test', sentence } }) as const;

let factory: Factory;
let connection: { readonly host: string; readonly user: string; readonly password: string; readonly database: string };
let database: Database;
let listener: Listener;
let log: PostgresRunLog;
/** The same log as another process has it. */
let elsewhere: PostgresRunLog;

beforeAll(async () => {
  // No worker of the server takes the runs of these tests: they wait for a person who never comes.
  factory = await Factory.start();
  const password = (await readFile(join(factory.dataDir, 'postgres-password'), 'utf8')).trim();
  connection = {
    host: join(factory.dataDir, 'postgres-socket'),
    user: 'devfactory',
    password,
    database: 'postgres',
  };
  database = new Database(connection, silent);
  listener = new Listener(() => connection, silent);
  await listener.start();
  log = new PostgresRunLog({ database, events: new EventStore(database), listener });
  elsewhere = new PostgresRunLog({ database, events: new EventStore(database), listener });
});
afterAll(async () => {
  await listener.close();
  await database.close();
  await factory.end();
});

/** A run nobody works on, then put to work under these tests' own leases. */
async function idleRun(): Promise<string> {
  const id = await factory.create({ prompt: 'owned', agent: 'scripted', agentOptions: planOnly });
  await factory.command(id, { do: 'cancel' });
  await eventually(async () => {
    const rows = await factory.sql('select 1 from runs where id = $1 and not needs_work and lease_owner is null', [id]);
    if (rows.length === 0) throw new Error('still at work');
  });
  return id;
}
const leases = (installation: string = randomUUID()) =>
  new LeaseStore(database, { installation, process: randomUUID() });
const asLease = (runId: string, epoch: number, signal = new AbortController().signal): Lease => ({
  runId,
  epoch,
  signal,
});

async function takeOver(store: LeaseStore, id: string): Promise<number> {
  // Between the server's own sweeps.
  return eventually(async () => {
    await factory.sql('update runs set needs_work = true, lease_until = null where id = $1', [id]);
    const mine = (await store.take(10)).find((lease) => lease.runId === id);
    if (!mine) throw new Error('the server was faster');
    return mine.epoch;
  });
}

test('an owner who was replaced can write nothing more', async () => {
  const id = await idleRun();
  const first = await takeOver(leases(), id);
  expect(await log.append(asLease(id, first), [fact('by the first')])).toHaveLength(1);
  const second = await takeOver(leases(), id);
  expect(second).toBeGreaterThan(first);
  await expect(log.append(asLease(id, first), [fact('by a ghost')])).rejects.toMatchObject({ code: 'lease_lost' });
  await log.append(asLease(id, second), [fact('by the second')]);
  const said = (await factory.log(id)).flatMap((event) =>
    event.type === 'limit.reached' ? [event.data.sentence] : [],
  );
  expect(said).toEqual(['by the first', 'by the second']);
  await factory.sql('update runs set needs_work = false, lease_until = null, lease_owner = null where id = $1', [id]);
});

test('two owners who append at once never share a place in the log', async () => {
  const id = await idleRun();
  const epoch = await takeOver(leases(), id);
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      (index % 2 === 0 ? log : elsewhere).append(asLease(id, epoch), [fact(String(index)), fact('and')]),
    ),
  );
  const events = await factory.log(id);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  const said = events.flatMap((event) => (event.type === 'limit.reached' ? [event.data.sentence] : []));
  expect(said.filter((sentence) => sentence !== 'and').toSorted((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: 40 }, (_, index) => String(index)),
  );
  await factory.sql('update runs set needs_work = false, lease_until = null, lease_owner = null where id = $1', [id]);
});

test('an append outlives a killed database and stands once', async () => {
  const id = await idleRun();
  const epoch = await takeOver(leases(), id);
  // A lease longer than the outage: this test is about the append.
  await factory.sql(`update runs set lease_until = now() + interval '1 minute' where id = $1`, [id]);
  const killed = await factory.postmaster();
  process.kill(killed, 'SIGKILL');
  const placed: readonly RunEvent[] = await log.append(asLease(id, epoch), [fact('through the kill')]);
  expect(placed).toHaveLength(1);
  // A connection may serve for a moment after its postmaster is dead: only the next database's word counts.
  await eventually(async () => {
    expect(await factory.postmaster()).not.toBe(killed);
    expect((await factory.log(id)).filter((event) => event.type === 'limit.reached')).toHaveLength(1);
  });
  await factory.sql('update runs set needs_work = false, lease_until = null, lease_owner = null where id = $1', [id]);
});

test('an append that was committed before its answer got lost stands once', async () => {
  const id = await idleRun();
  const epoch = await takeOver(leases(), id);
  const wire = await Wire.to(connection.host);
  const far = new Database({ ...connection, host: wire.folder }, silent);
  const wired = new PostgresRunLog({ database: far, events: new EventStore(far), listener });
  try {
    await wired.append(asLease(id, epoch), [fact('before')]);
    for (const sentence of ['lost', 'lost again']) {
      wire.loseNext();
      expect(await wired.append(asLease(id, epoch), [fact(sentence)])).toHaveLength(1);
    }
    await wired.append(asLease(id, epoch), [fact('after')]);
  } finally {
    await far.close();
    await wire.close();
  }
  const said = (await factory.log(id)).flatMap((event) =>
    event.type === 'limit.reached' ? [event.data.sentence] : [],
  );
  expect(wire.lost).toBe(2);
  expect(said).toEqual(['before', 'lost', 'lost again', 'after']);
  await factory.sql('update runs set needs_work = false, lease_until = null, lease_owner = null where id = $1', [id]);
});

test('leases of this installation’s dead processes are free at once, those of others are not', async () => {
  const [own, foreign] = [await idleRun(), await idleRun()];
  const installation = randomUUID();
  await takeOver(leases(installation), own);
  await takeOver(leases(), foreign);
  await leases(installation).releaseDead();
  const held = await factory.sql<{ id: string }>('select id from runs where lease_owner is not null and id = any($1)', [
    [own, foreign],
  ]);
  expect(held.map(({ id }) => id)).not.toContain(own);
  await factory.sql('update runs set needs_work = false, lease_until = null, lease_owner = null where id = any($1)', [
    [own, foreign],
  ]);
});

test('a worker stops when another takes its run', async () => {
  const id = await idleRun();
  const aborted = Promise.withResolvers<string>();
  const store = leases();
  const worker = new Worker({
    leases: store,
    advance: (lease) =>
      new Promise((_, reject) =>
        lease.signal.addEventListener('abort', () => {
          aborted.resolve(lease.runId);
          reject(new Error('stopped'));
        }),
      ),
    fail: () => Promise.resolve([]),
    concurrency: 1,
    log: silent,
  });
  await eventually(async () => {
    await factory.sql('update runs set needs_work = true where id = $1 and lease_owner is null', [id]);
    worker.wake();
    const rows = await factory.sql(`select 1 from runs where id = $1 and lease_until > now()`, [id]);
    if (rows.length === 0) throw new Error('not taken');
  });
  await factory.sql('update runs set epoch = epoch + 1, needs_work = false where id = $1', [id]);
  expect(await aborted.promise).toBe(id);
  await worker.close();
});

test('what a person says while a worker gives the run back is not overlooked', async () => {
  const id = await idleRun();
  const store = leases();
  await factory.sql('update runs set needs_work = true where id = $1', [id]);
  const held = await eventually(async () => {
    await factory.sql('update runs set needs_work = true, lease_until = null where id = $1', [id]);
    const mine = (await store.take(10)).find((lease) => lease.runId === id);
    if (!mine) throw new Error('the server was faster');
    return mine;
  });
  await factory.sql('update runs set wakes = wakes + 1 where id = $1', [id]);
  await store.rest(held);
  await eventually(async () => {
    const rows = await factory.sql('select 1 from runs where id = $1 and not needs_work and epoch > $2', [
      id,
      held.epoch,
    ]);
    if (rows.length === 0) throw new Error('nobody looked again');
  });
});
