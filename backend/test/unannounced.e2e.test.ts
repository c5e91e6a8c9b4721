import type { RunEvent, RunState } from '@devfactory/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Factory } from './factory.ts';
import { Typing } from './terminal-screen.ts';

const finish = { tool: 'finish', input: {} };
const write = (path: string, content: string): object => ({ tool: 'write', input: { path, content } });
const shell = (command: string): object => ({ tool: 'shell', input: { command } });
const requirements = [
  {
    text: 'hello.txt says hello',
    checks: [{ title: 'it does', spec: { kind: 'file', path: 'hello.txt', includes: ['hello'] } }],
  },
];
const plan = [{ calls: [{ tool: 'propose_requirements', input: { summary: 'One file.', requirements } }, finish] }];

let factory: Factory;
beforeAll(async () => {
  factory = await Factory.start({ limits: { editPauseMs: 50 } });
}, 60_000);
afterAll(() => factory.end());

const found = async (id: string): Promise<Extract<RunEvent, { type: 'file.changed' }>[]> =>
  (await factory.log(id)).filter((event) => event.type === 'file.changed');
const inReview = (state: RunState): boolean =>
  state.stage.name === 'waiting' && state.stage.for === 'review' && state.edits.every((edit) => edit.kept);

async function reviewed(work: readonly object[]): Promise<string> {
  const id = await factory.create({
    prompt: 'One file.',
    agent: 'scripted',
    autonomy: 'approve-plan',
    agentOptions: { plan, work },
  });
  const { plan: proposed } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.command(id, { do: 'approve-plan', version: proposed.proposed });
  await factory.until(id, inReview);
  return id;
}

test('what a person does in a terminal is told as theirs, kept, proven anew, and reaches the agent, whose stale write is refused', async () => {
  const id = await reviewed([
    { calls: [write('hello.txt', 'hello\nfrom the agent\n'), finish] },
    { calls: [write('hello.txt', 'hello\nover it\n'), write('other.txt', 'mine\n'), finish] },
  ]);
  const { head } = await factory.state(id);
  const person = await Typing.at(factory, id);
  await person.run('printf "hello\\nfrom a person\\nand more\\n" > hello.txt; mkdir -p new && echo x > new/a.txt');
  const after = await factory.until(id, (now) => now.head !== head && inReview(now) && now.edits.length === 2);
  expect((await found(id)).map(({ actor, data }) => [actor, data.via, data.path, data.change, data.lines])).toEqual([
    [{ kind: 'person', name: 'owner' }, 'workspace', 'hello.txt', 'modified', [{ from: 2, to: 3 }]],
    [{ kind: 'person', name: 'owner' }, 'workspace', 'new/a.txt', 'added', [{ from: 1, to: 1 }]],
  ]);
  expect((await found(id))[0]?.data.excerpt).toBe('@@ -2,1 +2,2 @@\n-from the agent\n+from a person\n+and more\n');
  expect(after.checkpoints.at(-1)).toMatchObject({ reason: 'person' });
  expect(after.evidence.at(-1)?.tree).toBe(after.checkpoints.at(-1)?.tree);

  await factory.command(id, { do: 'feedback', text: 'Go on.', mode: 'steer' });
  const told = await factory.until(id, (now) => now.turns.length === 3 && inReview(now));
  const step = told.steps.at(-1);
  expect(step?.text).toContain('The person changed hello.txt lines 2-3.\nThe person added new/a.txt (2 bytes).');
  expect(step?.calls.map(({ outcome }) => outcome)).toEqual(['error', 'ok', 'ok']);
  expect(step?.calls[0]?.excerpt).toContain('changed since you last saw it');
  await person.run('cat hello.txt');
  await person.sees(/from a person\r\nand more/);
  // The agent's own work beside the open terminal is nobody else's.
  expect((await found(id)).map(({ data }) => data.path)).toEqual(['hello.txt', 'new/a.txt']);
  person.close();
}, 60_000);

test('while both work at once, what the agent writes and runs is its own, and what the person writes is theirs', async () => {
  const id = await reviewed([
    { calls: [write('hello.txt', 'hello\n'), finish] },
    ...Array.from({ length: 6 }, (_, n) => ({
      text: 'I go on.',
      calls: [write('agent.txt', `written ${n}\n`), shell(`echo ${n} >> shell.txt`)],
    })),
    { calls: [finish] },
  ]);
  const person = await Typing.at(factory, id);
  person.type('while [ ! -e /tmp/stop ]; do date +%N > person.txt; sleep 0.05; done; echo e""nded\r');
  await eventually(async () => expect(await found(id)).not.toEqual([]));
  await factory.command(id, { do: 'feedback', text: 'Go on.', mode: 'steer' });
  await factory.until(id, ({ turns }) => turns[2]?.outcome === 'finished');
  const other = await Typing.at(factory, id);
  await other.run('touch /tmp/stop');
  await person.sees(/ended/);
  await person.run('rm person.txt');
  const state = await factory.until(
    id,
    (now) => now.turns.length === 3 && inReview(now) && now.edits.at(-1)?.change === 'removed',
  );
  const paths = new Set((await found(id)).map(({ data }) => data.path));
  expect([...paths]).toEqual(['person.txt']);
  const told = state.steps.filter(({ turn, text }) => turn === 3 && text.includes('The person changed person.txt'));
  expect(told.length).toBeGreaterThan(1);
  person.close();
  other.close();
}, 90_000);

test('with nobody there nothing is looked for, and what is typed in the editor beside a terminal is told once', async () => {
  const id = await reviewed([{ calls: [write('hello.txt', 'hello\n'), finish] }]);
  const person = await Typing.at(factory, id);
  const digest = ((await factory.ask(`/api/runs/${id}/workspace/file?path=hello.txt`)).json as { digest: string })
    .digest;
  const put = await factory.ask(`/api/runs/${id}/workspace/file?path=hello.txt&expected=${digest}`, {
    method: 'PUT',
    body: 'hello there\n',
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(put.status).toBe(200);
  const moved = await factory.ask(`/api/runs/${id}/workspace/moves`, { json: { from: 'hello.txt', to: 'a/b.txt' } });
  expect(moved.status).toBe(200);
  await person.run('echo 1 > last.txt');
  await eventually(async () => expect((await found(id)).at(-1)?.data.path).toBe('last.txt'));
  expect((await found(id)).map(({ data }) => [data.via, data.change, data.path])).toEqual([
    ['editor', 'modified', 'hello.txt'],
    ['editor', 'moved', 'a/b.txt'],
    ['workspace', 'added', 'last.txt'],
  ]);
  person.close();
}, 60_000);

test('a terminal that is closed at once, or whose sandbox is killed, loses nothing of what was done in it', async () => {
  const id = await reviewed([{ calls: [write('hello.txt', 'hello\n'), finish] }]);
  const first = await Typing.at(factory, id);
  await first.run('echo 1 > one.txt');
  first.type('exit\r');
  await eventually(async () => expect((await found(id)).map(({ data }) => data.path)).toEqual(['one.txt']));
  const second = await Typing.at(factory, id);
  second.type('echo 2 > two.txt; kill -9 $PPID\r');
  await eventually(async () => expect((await found(id)).map(({ data }) => data.path)).toEqual(['one.txt', 'two.txt']));
  await factory.until(id, inReview);
}, 60_000);
