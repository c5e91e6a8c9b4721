import { afterAll, beforeAll, expect, test } from 'vitest';
import { newRunId } from '../src/runs/run-id.ts';
import { eventually, Factory, planOnly } from './factory.ts';
import { Stream } from './sse.ts';

let factory: Factory;
beforeAll(async () => {
  factory = await Factory.start();
});
afterAll(() => factory.end());

/** A run that no worker touches, so that a test alone writes its log. */
async function quietRun(): Promise<string> {
  const id = await factory.create({ prompt: 'quiet', agent: 'scripted', agentOptions: planOnly });
  expect((await factory.command(id, { do: 'cancel' })).status).toBe(202);
  await eventually(async () => {
    const [row] = await factory.sql<{ needs_work: boolean }>(
      'select needs_work from runs where id = $1 and lease_owner is null',
      [id],
    );
    if (row?.needs_work !== false) throw new Error('still at work');
  });
  return id;
}

/** Appends a fact as another process on the same database would. */
function append(id: string): Promise<object[]> {
  return factory.sql(
    `with place as (update runs set seq = seq + 1 where id = $1 returning seq),
     put as (insert into run_events (run_id, seq, at, type, actor, data, batch)
       select $1, seq, now(), 'limit.reached', '{"kind":"factory"}', json_build_object('limit', 'test', 'sentence', seq::text), gen_random_uuid() from place)
     select pg_notify('run_events', $1)`,
    [id],
  );
}
const auth = () => ({ authorization: `Bearer ${factory.token}` });
const follow = (id: string, headers: Record<string, string> = {}, query = '') =>
  Stream.open(`${factory.server.url}/api/runs/${id}/events${query}`, { ...auth(), ...headers });
const reached = (stream: Stream, seq: number) =>
  eventually(async () => {
    if (stream.ids.at(-1) !== seq) throw new Error(`at ${stream.ids.at(-1) ?? 'nothing'}, not ${seq}`);
  });
const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('events cannot be changed or removed, not even by SQL', async () => {
  const id = await quietRun();
  for (const attack of [
    `update run_events set type = 'run.finished' where run_id = '${id}'`,
    `delete from run_events where run_id = '${id}'`,
    'truncate run_events',
    'truncate run_events cascade',
  ]) {
    await expect(factory.sql(attack)).rejects.toThrow(/append-only/);
  }
  expect((await factory.log(id)).length).toBeGreaterThan(1);
});

test('a stream gives every event once and in order, from the start or from where its reader was', async () => {
  const id = await quietRun();
  const { seq } = await factory.state(id);
  const whole = await follow(id);
  await reached(whole, seq);
  await append(id);
  await reached(whole, seq + 1);
  expect(whole.ids).toEqual(upTo(1, seq + 1));
  expect(whole.messages.every((message) => message.event === 'run')).toBe(true);
  const resumed = await follow(id, { 'last-event-id': String(seq) }, '?after=0');
  const after = await follow(id, {}, `?after=${seq - 1}`);
  await reached(resumed, seq + 1);
  await reached(after, seq + 1);
  expect([resumed.ids, after.ids]).toEqual([[seq + 1], [seq, seq + 1]]);
  for (const stream of [whole, resumed, after]) stream.close();
});

test('a hundred readers of one run all get the same', async () => {
  const id = await quietRun();
  const { seq } = await factory.state(id);
  const streams = await Promise.all(upTo(1, 100).map(() => follow(id)));
  for (let count = 0; count < 20; count++) await append(id);
  await Promise.all(streams.map((stream) => reached(stream, seq + 20)));
  for (const stream of streams) {
    expect(stream.ids).toEqual(upTo(1, seq + 20));
    stream.close();
  }
});

test('streams outlive a killed database without a gap or a double, and requests meanwhile wait for it', async () => {
  const id = await quietRun();
  const { seq } = await factory.state(id);
  const stream = await follow(id);
  const feed = await Stream.open(`${factory.server.url}/api/feed`, auth());
  await reached(stream, seq);
  const before = await factory.postmaster();
  process.kill(before, 'SIGKILL');
  const answers = await Promise.all([
    ...upTo(1, 20).map(() => factory.ask('/api/runs')),
    factory.ask('/api/runs', { json: { prompt: 'while it is away', agent: 'scripted', agentOptions: planOnly } }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([...upTo(1, 20).map(() => 200), 201]);
  expect(await factory.postmaster()).not.toBe(before);
  await append(id);
  await reached(stream, seq + 1);
  expect(stream.ids).toEqual(upTo(1, seq + 1));
  await factory.create({ prompt: 'after the kill', agent: 'scripted', agentOptions: planOnly });
  await eventually(async () => {
    if (!feed.messages.some((message) => (message.data as { name: string }).name === 'after the kill'))
      throw new Error('not told');
  });
  stream.close();
  feed.close();
});

test('the feed tells of every run that changes', async () => {
  const feed = await Stream.open(`${factory.server.url}/api/feed`, auth());
  const id = await quietRun();
  await eventually(async () => {
    const states = feed.messages.map((message) => message.data as { id: string; state: string });
    if (!states.some((summary) => summary.id === id && summary.state === 'cancelled')) throw new Error('not told');
  });
  expect(feed.messages.every((message) => message.event === 'summary')).toBe(true);
  feed.close();
});

test('the list goes page by page, finds words, and filters by state', async () => {
  const first = (await factory.ask('/api/runs?limit=2')).json as { runs: { id: string }[]; next: string };
  const second = (await factory.ask(`/api/runs?limit=2&before=${first.next}`)).json as { runs: { id: string }[] };
  const all = (await factory.ask('/api/runs')).json as { runs: { id: string }[]; next: null };
  expect([...first.runs, ...second.runs].map(({ id }) => id)).toEqual(all.runs.slice(0, 4).map(({ id }) => id));
  expect(all.next).toBeNull();
  const orders: Record<string, string[]> = {};
  for (const sort of ['newest', 'active', 'name', 'open']) {
    type Page = { runs: { id: string; name: string; updatedAt: string }[]; next: string | null };
    const whole = (await factory.ask(`/api/runs?sort=${sort}`)).json as Page;
    const found: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const path = `/api/runs?sort=${sort}&limit=2${next === '' ? '' : `&before=${next}`}`;
      const page = (await factory.ask(path)).json as Page;
      found.push(...page.runs.map(({ id }) => id));
      next = page.next;
    }
    expect(found).toEqual(whole.runs.map(({ id }) => id));
    expect(new Set(found).size).toBe(all.runs.length);
    orders[sort] = whole.runs.map(({ name, updatedAt }) => (sort === 'name' ? name.toLowerCase() : updatedAt));
  }
  expect(orders['name']).toEqual(orders['name']?.toSorted((a, b) => a.localeCompare(b)));
  expect(orders['active']).toEqual(orders['active']?.toSorted().toReversed());
  expect((await factory.ask(`/api/runs?sort=name&before=${first.next}`)).status).toBe(422);
  const words = (q: string) =>
    factory
      .ask(`/api/runs?q=${encodeURIComponent(q)}`)
      .then((answer) => (answer.json as { runs: { name: string }[] }).runs.map(({ name }) => name));
  expect(await words('AFTER the')).toEqual(['after the kill']);
  expect(await words('%')).toEqual([]);
  const cancelled = (await factory.ask('/api/runs?state=cancelled')).json as { runs: { state: string }[] };
  expect(new Set(cancelled.runs.map(({ state }) => state))).toEqual(new Set(['cancelled']));
});

test('a stream of a run that is not there is a 404 and not an empty stream', async () => {
  expect((await factory.ask(`/api/runs/${newRunId()}/events`)).status).toBe(404);
});
