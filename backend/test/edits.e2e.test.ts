import { createHash } from 'node:crypto';
import type { FileWritten, Problem, RunEvent, WorkspaceFile, WorkspaceFolder } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Factory, problem, type Answer } from './factory.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const write = (path: string, content: string): object => ({ tool: 'write', input: { path, content } });
const finish = { tool: 'finish', input: {} };
const shell = (command: string): object => ({ tool: 'shell', input: { command } });

/** One requirement that the work meets; `more` are the steps of its working turns. */
function request(more: readonly object[]): object {
  const propose = {
    summary: 'One file.',
    requirements: [
      {
        text: 'hello.txt says hello',
        checks: [{ title: 'it does', spec: { kind: 'file', path: 'hello.txt', includes: ['hello'] } }],
      },
    ],
  };
  return {
    prompt: 'One file.',
    agent: 'scripted',
    autonomy: 'auto',
    agentOptions: { plan: [{ calls: [{ tool: 'propose_requirements', input: propose }, finish] }], work: more },
  };
}

let factory: Factory;
beforeAll(async () => {
  factory = await Factory.start({ limits: { editPauseMs: 50 } });
}, 60_000);
afterAll(() => factory.end());

const at = (id: string, path: string, more = ''): string =>
  `/api/runs/${id}/workspace/file?path=${encodeURIComponent(path)}${more}`;
const put = (id: string, path: string, text: string, expected: string): Promise<Answer> =>
  factory.ask(at(id, path, `&expected=${expected}`), {
    method: 'PUT',
    body: text,
    headers: { 'content-type': 'application/octet-stream' },
  });
const look = async (id: string, path: string): Promise<WorkspaceFile> =>
  (await factory.ask(at(id, path))).json as WorkspaceFile;
const changes = async (id: string): Promise<Extract<RunEvent, { type: 'file.changed' }>[]> =>
  (await factory.log(id)).filter((event) => event.type === 'file.changed');
const inReview = (state: Awaited<ReturnType<Factory['state']>>): boolean =>
  state.stage.name === 'waiting' && state.stage.for === 'review' && state.edits.every((edit) => edit.kept);

describe('a person’s change of a file', () => {
  let id = '';
  let reviewed = '';
  beforeAll(async () => {
    id = await factory.create({
      ...request([
        {
          calls: [
            write('hello.txt', 'hello\nfrom the agent\n'),
            shell('mkdir -p src && printf "a\\nb\\nc\\n" > src/app.py'),
            finish,
          ],
        },
        { text: 'I go on.', calls: [write('hello.txt', 'hello\nover it\n'), write('other.txt', 'hello'), finish] },
      ]),
      deliverUnproven: false,
      autonomy: 'approve-plan',
    });
    const state = await factory.until(id, ({ stage }) => stage.name === 'waiting');
    await factory.command(id, { do: 'approve-plan', version: state.plan.proposed });
    reviewed = (await factory.until(id, inReview)).head ?? '';
  }, 60_000);

  test('becomes an event with its lines, a checkpoint, and evidence anew', async () => {
    const before = await factory.state(id);
    const seen = await look(id, 'hello.txt');
    expect(seen).toMatchObject({ text: 'hello\nfrom the agent\n', digest: digest('hello\nfrom the agent\n'), why: '' });
    const answer = await put(id, 'hello.txt', 'hello\nfrom a person\nand more\n', seen.digest ?? '');
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ digest: digest('hello\nfrom a person\nand more\n') });
    const [event] = await changes(id);
    expect(event).toMatchObject({
      actor: { kind: 'person' },
      seq: (answer.json as FileWritten).seq,
      data: {
        path: 'hello.txt',
        change: 'modified',
        via: 'editor',
        lines: [{ from: 2, to: 3 }],
        additions: 2,
        deletions: 1,
        excerpt: '@@ -2,1 +2,2 @@\n-from the agent\n+from a person\n+and more\n',
      },
    });
    const state = await factory.until(id, (now) => now.head !== reviewed && inReview(now));
    expect(state.checkpoints.at(-1)).toMatchObject({ reason: 'person', label: 'A person changed hello.txt lines 2-3' });
    expect(state.evidence.length).toBeGreaterThan(before.evidence.length);
    expect(state.evidence.at(-1)?.tree).toBe(state.checkpoints.at(-1)?.tree);
  });

  test('is refused with both sides when the file is another by now, and counts once when it is sent again', async () => {
    const now = await look(id, 'hello.txt');
    const stale = await put(id, 'hello.txt', 'mine\n', digest('hello\nfrom the agent\n'));
    expect(stale.status).toBe(409);
    expect(problem(stale)).toMatchObject({
      code: 'file_changed',
      current: { digest: now.digest, text: 'hello\nfrom a person\nand more\n' },
    });
    expect((await look(id, 'hello.txt')).digest).toBe(now.digest);
    const count = (await changes(id)).length;
    const again = await put(id, 'hello.txt', now.text ?? '', digest('hello\nfrom the agent\n'));
    expect(again.status).toBe(200);
    expect(await changes(id)).toHaveLength(count);
    expect((await put(id, 'hello.txt', 'x', 'none')).status).toBe(409);
    expect(problem(await put(id, 'hello.txt', 'x', '')).status).toBe(422);
  });

  test('reaches the agent’s next step, and the agent’s stale write is refused', async () => {
    await put(id, 'src/app.py', 'a\nB\nc\nd\n', digest('a\nb\nc\n'));
    await factory.command(id, { do: 'feedback', text: 'Go on.', mode: 'steer' });
    const state = await factory.until(id, (now) => now.turns.length === 3 && inReview(now));
    const step = state.steps.at(-1);
    expect(step?.text).toContain('The person changed hello.txt lines 2-3.\nThe person changed src/app.py lines 2, 4.');
    expect(state.edits.every((edit) => edit.deliveredAt === step?.step)).toBe(true);
    const [over, other] = step?.calls ?? [];
    expect(over).toMatchObject({ tool: 'write', outcome: 'error' });
    expect(over?.excerpt).toContain('changed since you last saw it');
    expect(other).toMatchObject({ outcome: 'ok' });
    expect((await look(id, 'hello.txt')).text).toBe('hello\nfrom a person\nand more\n');
  });

  test('may add, upload, move and remove files', async () => {
    expect((await put(id, 'new/a.txt', 'a', 'none')).status).toBe(200);
    expect((await put(id, 'new/b.bin&via=upload', 'x', 'none')).status).toBe(200);
    const bytes = new Uint8Array([0, 1, 2, 255]);
    const uploaded = await factory.ask(at(id, 'logo.png', '&expected=none&via=upload'), {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(uploaded.status).toBe(200);
    expect(await look(id, 'logo.png')).toMatchObject({ text: null, size: 4 });
    expect((await changes(id)).at(-1)?.data).toMatchObject({ via: 'upload', binary: true, lines: [], excerpt: '' });
    const move = (from: string, to: string): Promise<Answer> =>
      factory.ask(`/api/runs/${id}/workspace/moves`, { json: { from, to } });
    expect((await move('new/a.txt', 'newer/deep/a.txt')).status).toBe(200);
    expect(problem(await move('newer/deep/a.txt', 'hello.txt')).code).toBe('path_taken');
    expect(problem(await move('gone', 'there')).code).toBe('file_missing');
    const remove = (path: string, expected: string): Promise<Answer> =>
      factory.ask(at(id, path, `&expected=${expected}`), { method: 'DELETE' });
    expect(problem(await remove('newer/deep/a.txt', digest('b'))).code).toBe('file_changed');
    expect((await remove('newer/deep/a.txt', digest('a'))).status).toBe(200);
    expect((await remove('newer', 'none')).status).toBe(200);
    expect(problem(await remove('newer', 'none')).code).toBe('file_missing');
    const tree = (await factory.ask(`/api/runs/${id}/workspace/tree`)).json as WorkspaceFolder;
    expect(tree.entries.map(({ path }) => path)).toEqual(['hello.txt', 'logo.png', 'new', 'other.txt', 'src']);
    expect((await changes(id)).slice(-3).map(({ data }) => [data.change, data.path])).toEqual([
      ['moved', 'newer/deep/a.txt'],
      ['removed', 'newer/deep/a.txt'],
      ['removed', 'newer'],
    ]);
    await factory.until(id, inReview);
  });

  test('never leads out of the workspace, whatever lies in it (A13, A14)', async () => {
    await factory.command(id, { do: 'feedback', text: 'nothing', mode: 'steer' });
    await factory.until(id, (now) => now.turns.length === 4 && inReview(now));
    const trap = await put(id, 'trap.sh', 'x', 'none');
    expect(trap.status).toBe(200);
    for (const path of ['../out', '/etc/passwd', 'a/../../b', 'a\0b'])
      expect(problem(await put(id, path, 'x', 'none')).status).toBe(422);
    expect(problem(await factory.ask(at(id, '../../etc/passwd'))).status).toBe(422);
    const long = 'ä'.repeat(2100);
    expect(problem(await put(id, long, 'x', 'none')).status).toBe(422);
    const odd = 'line\nfeed \u001b[31m"$(id)`.txt';
    expect((await put(id, odd, 'odd', 'none')).status).toBe(200);
    expect((await look(id, odd)).text).toBe('odd');
    const state = await factory.until(id, inReview);
    expect(state.checkpoints.map(({ label }) => label).join('')).not.toContain('\u001b');
  });

  test('of a run that was delivered brings it back to review; of a cancelled one it is refused', async () => {
    const state = await factory.until(id, inReview);
    const tree = state.checkpoints.find((item) => item.id === state.head)?.tree;
    await factory.command(id, { do: 'approve-result', tree });
    await factory.until(id, ({ stage }) => stage.name === 'delivered');
    const seen = await look(id, 'hello.txt');
    expect((await put(id, 'hello.txt', 'hello\nafter the end\n', seen.digest ?? '')).status).toBe(200);
    const back = await factory.until(id, (now) => now.head !== state.head && inReview(now));
    expect(back.approval).toBeNull();
    await factory.command(id, { do: 'cancel' });
    expect(problem(await put(id, 'hello.txt', 'x', digest('hello\nafter the end\n'))).code).toBe('run_cancelled');
  });
});

test('a link that leads out is refused for reading, writing and moving, and one that stays inside is not (A13)', async () => {
  const id = await factory.create(
    request([
      {
        calls: [
          write('hello.txt', 'hello'),
          shell(
            'ln -s /etc/passwd leak; ln -s /tmp outdir; ln -s hello.txt inside; mkfifo pipe; truncate -s 80M big; head -c 1000000 /dev/zero | tr "\\0" x > line.txt',
          ),
          finish,
        ],
      },
    ]),
  );
  await factory.until(id, ({ stage }) => ['delivered', 'finished', 'waiting'].includes(stage.name));
  const refusal = async (answer: Promise<Answer>): Promise<Problem['code']> => problem(await answer).code;
  expect(await refusal(factory.ask(at(id, 'leak')))).toBe('path_escapes');
  expect(await refusal(put(id, 'leak', 'x', digest('')))).toBe('path_escapes');
  expect(await refusal(put(id, 'outdir/x', 'x', 'none'))).toMatch(/symlink_refused|path_escapes/);
  expect(
    await refusal(factory.ask(`/api/runs/${id}/workspace/moves`, { json: { from: 'hello.txt', to: 'outdir/x' } })),
  ).toBe('path_escapes');
  expect(await refusal(factory.ask(at(id, 'pipe')))).toBe('not_a_file');
  expect((await look(id, 'big')).why).toContain('too large');
  expect((await look(id, 'line.txt')).text).toHaveLength(1_000_000);
  // Its teeth: the same doors give what lies inside, also through a link.
  expect((await look(id, 'inside')).text).toBe('hello');
  expect((await put(id, 'line.txt', 'short', digest('x'.repeat(1_000_000)))).status).toBe(200);
});

test('two who save at once: one is told, and nothing is lost', async () => {
  const id = await factory.create(request([{ calls: [write('hello.txt', 'hello'), finish] }]));
  await factory.until(id, ({ stage }) => ['delivered', 'finished', 'waiting'].includes(stage.name));
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => put(id, 'hello.txt', `hello from ${n}`, digest('hello'))),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
  const winner = answers.findIndex(({ status }) => status === 200);
  expect((await look(id, 'hello.txt')).text).toBe(`hello from ${winner}`);
  await eventually(async () => expect((await factory.state(id)).edits.every((edit) => edit.kept)).toBe(true));
});

test('comments wait in the tray, go as one message, and are addressed when the code that was quoted is another one', async () => {
  const id = await factory.create({
    ...request([
      { calls: [write('hello.txt', 'hello\nold words\nlast\n'), write('b.txt', 'stays\n'), finish] },
      { calls: [{ tool: 'edit', input: { path: 'hello.txt', find: 'old words', replace: 'new words' } }, finish] },
    ]),
    autonomy: 'approve-plan',
  });
  const state = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.command(id, { do: 'approve-plan', version: state.plan.proposed });
  const { head } = await factory.until(id, inReview);
  const comment = (path: string, quote: string, text: string): object => ({
    do: 'comment',
    comment: { path, checkpointId: head, lines: { from: 2, to: 2 }, quote, text },
  });
  expect(problem(await factory.command(id, { do: 'send-review' })).code).toBe('no_comments');
  for (const command of [
    comment('hello.txt', 'old words', 'Say it anew.'),
    comment('b.txt', 'stays', 'Why?'),
    comment('b.txt', 'x', 'A slip.'),
  ])
    expect((await factory.command(id, command)).status).toBe(202);
  expect((await factory.command(id, { do: 'withdraw-comment', commentId: 'cm-3' })).status).toBe(202);
  expect(problem(await factory.command(id, { do: 'address-comment', commentId: 'cm-1' })).code).toBe('unknown_comment');
  expect(problem(await factory.command(id, comment('../x', 'y', 'z'))).status).toBe(422);
  expect((await factory.command(id, { do: 'send-review', text: 'Please:' })).status).toBe(202);
  const done = await factory.until(id, (now) => now.turns.length === 3 && inReview(now));
  expect(done.feedback.at(-1)?.text).toBe(
    `Please:\n\n1. "hello.txt", line 2 (at ${head}):\n> old words\nSay it anew.\n\n2. "b.txt", line 2 (at ${head}):\n> stays\nWhy?`,
  );
  expect(done.comments.map(({ id: name, addressed }) => [name, addressed?.checkpointId ?? null])).toEqual([
    ['cm-1', done.head],
    ['cm-2', null],
  ]);
  await factory.command(id, { do: 'address-comment', commentId: 'cm-2' });
  expect((await factory.state(id)).comments[1]?.addressed?.by).toMatchObject({ kind: 'person' });
  await factory.command(id, comment('b.txt', 'stays', 'Once more.'));
  expect((await factory.state(id)).comments.at(-1)?.id).toBe('cm-4');
});
