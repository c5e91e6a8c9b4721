import { baseTree, headTree, type RunState } from '@devfactory/contracts';
import { afterAll, expect, test } from 'vitest';
import { Factory, planOnly, problem } from './factory.ts';

const factory = await Factory.start();
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;

afterAll(() => factory.end());

const waitsFor = (what: string) => (state: RunState) => state.stage.name === 'waiting' && state.stage.for === what;

test.skipIf(here !== '')(
  `a run goes from prompt to delivered ZIP, with a person's word at each door${here}`,
  async () => {
    const id = await factory.create({
      prompt: 'Say hello in a file',
      agent: 'scripted',
      agentOptions: planOnly,
      requirements: [{ text: 'It is polite' }],
    });
    const planned = await factory.until(id, waitsFor('plan-approval'));
    expect(planned.requirements.map((item) => [item.id, item.origin])).toEqual([
      ['R-1', 'person'],
      ['R-2', 'agent'],
    ]);

    expect(problem(await factory.command(id, { do: 'approve-plan', version: 99 })).code).toBe('plan_changed');
    expect((await factory.command(id, { do: 'remove-requirement', id: 'R-1' })).status).toBe(202);
    const again = await factory.until(
      id,
      (state) => waitsFor('plan-approval')(state) && state.requirements.length === 1,
    );
    const check = again.checks[0];
    expect((await factory.ask(`/api/runs/${id}/checks/${check?.id ?? ''}`)).json).toMatchObject({
      check,
      spec: { kind: 'file', path: 'hello.txt' },
    });
    expect((await factory.command(id, { do: 'approve-plan', version: again.plan.proposed })).status).toBe(202);
    expect(problem(await factory.command(id, { do: 'approve-plan', version: again.plan.proposed })).status).toBe(409);

    const review = await factory.until(id, waitsFor('review'), 90_000);
    const tree = headTree(review) ?? '';
    expect(tree).not.toBe(baseTree(review));
    expect(review.evidence.filter((item) => !item.onBase).map((item) => item.verdict)).toEqual(['passed']);
    expect(problem(await factory.command(id, { do: 'approve-result', tree: 'f'.repeat(64) })).code).toBe(
      'approval_stale',
    );
    expect(
      problem(await factory.command(id, { do: 'approve-result', tree, destinations: [{ kind: 'teleport' }] })).code,
    ).toBe('invalid_request');
    expect(
      (await factory.command(id, { do: 'approve-result', tree, destinations: [{ kind: 'zip', name: 'hello.zip' }] }))
        .status,
    ).toBe(202);
    const delivered = await factory.until(id, (state) => state.stage.name === 'delivered');
    await looksRight(id, delivered);
  },
  180_000,
);

async function looksRight(id: string, state: RunState): Promise<void> {
  const [from, to] = [state.checkpoints[0]?.id, state.head];
  expect((await factory.ask(`/api/runs/${id}/checkpoints/${to ?? ''}/files`)).json).toMatchObject({
    entries: [{ path: 'hello.txt', size: 6 }],
    truncated: false,
  });
  expect((await factory.ask(`/api/runs/${id}/checkpoints/${to ?? ''}/file?path=hello.txt`)).json).toMatchObject({
    text: 'hello\n',
    binary: false,
  });
  expect((await factory.ask(`/api/runs/${id}/checkpoints/${to ?? ''}/file?path=nothing`)).status).toBe(404);
  expect((await factory.ask(`/api/runs/${id}/changes?from=${from ?? ''}&to=${to ?? ''}`)).json).toMatchObject({
    changes: [{ path: 'hello.txt', change: 'added', additions: 1 }],
  });
  expect(
    (await factory.ask(`/api/runs/${id}/changes/file?from=${from ?? ''}&to=${to ?? ''}&path=hello.txt`)).json,
  ).toMatchObject({ patch: expect.stringContaining('+hello') });
  const [exported] = state.exports;
  expect(exported?.arrival).toMatchObject({
    verdict: 'passed',
    tree: state.approval?.tree,
    failed: 0,
    inconclusive: 0,
  });
  expect(exported?.files.map((file) => file.name)).toContain('hello.zip');
  for (const file of exported?.files ?? []) {
    const answer = await factory.ask(
      `/api/runs/${id}/exports/${exported?.id ?? ''}/files/${encodeURIComponent(file.name)}`,
    );
    expect([
      answer.status,
      Number(answer.headers.get('content-length')),
      answer.headers.get('content-disposition')?.startsWith('attachment'),
    ]).toEqual([200, file.bytes, true]);
  }
  await resumes(`/api/runs/${id}/exports/${exported?.id ?? ''}/files/hello.zip`);
  expect((await factory.ask(`/api/runs/${id}/exports/${exported?.id ?? ''}/files/..%2f..%2fcli-token`)).status).toBe(
    404,
  );
  const output = state.evidence.find((item) => item.output !== null)?.output;
  expect((await factory.ask(`/api/runs/${id}/blobs/${output ?? state.body}?offset=0&length=10`)).text).toHaveLength(10);
  expect((await factory.ask('/api/runs?state=delivered')).json).toMatchObject({
    runs: [{ id, requirements: { total: 1, proven: 1 } }],
  });
}

test('feedback is queued and can be taken back; pause and resume answer for themselves', async () => {
  const id = await factory.create({ prompt: 'x', agent: 'scripted', agentOptions: planOnly });
  expect((await factory.command(id, { do: 'pause' })).status).toBe(202);
  expect(problem(await factory.command(id, { do: 'pause' })).code).toBe('paused');
  expect((await factory.command(id, { do: 'feedback', text: 'shorter', mode: 'queue' })).status).toBe(202);
  expect((await factory.state(id)).feedback).toMatchObject([
    { id: 'fb-1', text: 'shorter', mode: 'queue', withdrawn: false },
  ]);
  expect((await factory.command(id, { do: 'withdraw-feedback', feedbackId: 'fb-1' })).status).toBe(202);
  expect(problem(await factory.command(id, { do: 'withdraw-feedback', feedbackId: 'fb-1' })).code).toBe(
    'unknown_feedback',
  );
  expect((await factory.command(id, { do: 'resume' })).status).toBe(202);
  expect(problem(await factory.command(id, { do: 'resume' })).code).toBe('not_paused');
  expect((await factory.command(id, { do: 'cancel' })).status).toBe(202);
  expect(problem(await factory.command(id, { do: 'resume' })).code).toBe('run_cancelled');
});

test('two people who say the same at once are one command and one refusal', async () => {
  const id = await factory.create({ prompt: 'x', agent: 'scripted', agentOptions: planOnly });
  const answers = await Promise.all([factory.command(id, { do: 'pause' }), factory.command(id, { do: 'pause' })]);
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([202, 409]);
  await factory.command(id, { do: 'cancel' });
});

test('the number of a removed requirement is never given again', async () => {
  const id = await factory.create({ prompt: 'x', agent: 'scripted', agentOptions: planOnly });
  await factory.command(id, { do: 'pause' });
  for (const text of ['one', 'two']) await factory.command(id, { do: 'add-requirement', text });
  const last = (await factory.state(id)).requirements.at(-1)?.id ?? '';
  await factory.command(id, { do: 'remove-requirement', id: last });
  await factory.command(id, { do: 'add-requirement', text: 'three' });
  const now = (await factory.state(id)).requirements.at(-1);
  expect([now?.text, Number(now?.id.slice(2))]).toEqual(['three', Number(last.slice(2)) + 1]);
  await factory.command(id, { do: 'reword-requirement', id: now?.id ?? '', text: 'three, nicely' });
  expect((await factory.state(id)).requirements.at(-1)).toMatchObject({
    version: 2,
    text: 'three, nicely',
    origin: 'person',
  });
  await factory.command(id, { do: 'cancel' });
});

test('doctor names what this machine has, and what mends the rest', async () => {
  expect(doctor.map((item) => item.name)).toEqual(
    expect.arrayContaining([
      'node',
      'database',
      'sandbox',
      'git',
      'python3',
      'python3-venv',
      'disk',
      'data directory',
      'certificates',
      'Go projects',
      'Java projects',
      'Rust projects',
    ]),
  );
  expect(doctor.filter((item) => item.outcome === 'error' && 'fix' in item && item.fix === '')).toEqual([]);
});

/** A download that was cut off goes on where it was. */
async function resumes(path: string): Promise<void> {
  const [whole, head] = [await factory.ask(path), await factory.ask(path, { headers: { range: 'bytes=0-9' } })];
  const etag = head.headers.get('etag') ?? '';
  const rest = await factory.ask(path, { headers: { range: 'bytes=10-', 'if-range': etag } });
  expect([head.status, head.text.length, rest.status, head.text + rest.text]).toEqual([206, 10, 206, whole.text]);
  expect(rest.headers.get('content-range')).toBe(
    `bytes 10-${Number(whole.headers.get('content-length')) - 1}/${whole.headers.get('content-length') ?? ''}`,
  );
  const other = await factory.ask(path, { headers: { range: 'bytes=10-', 'if-range': '"another"' } });
  expect([other.status, other.text]).toEqual([200, whole.text]);
  expect((await factory.ask(path, { headers: { range: 'bytes=999999999-' } })).status).toBe(416);
}
