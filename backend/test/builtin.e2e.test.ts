import { requirementViews, type LiveWords, type RunState } from '@devfactory/contracts';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { BuiltinStage, call, finish, isPrefix, model, planCalls, workTurns } from './builtin-stage.ts';
import { eventually } from './factory.ts';
import { holding } from './holding.ts';
import { Stream } from './sse.ts';

const stage = await BuiltinStage.start();
const { factory } = stage;
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;

afterAll(() => stage.end());
beforeEach(() => stage.begin());

const over = (state: RunState): boolean => ['delivered', 'finished', 'failed', 'waiting'].includes(state.stage.name);

test.skipIf(here !== '')(
  `a model drives thirty steps to a proven requirement and a ZIP, with small requests that only grow${here}`,
  async () => {
    const turns = workTurns(30);
    stage.work = (n) => turns[n - 1] ?? {};
    const id = await factory.create({
      prompt: 'A program that greets',
      autonomy: 'auto',
      destinations: [{ kind: 'zip' }],
      model,
    });
    const state = await factory.until(id, over, 120_000);
    expect(state.stage).toMatchObject({ name: 'delivered' });
    expect(state.agent).toBe('builtin');
    expect(requirementViews(state).map((view) => view.status)).toEqual(['proven']);
    const sent = stage.workRequests;
    expect(sent).toHaveLength(30);
    const bytes = sent.map((request) => Buffer.byteLength(request.body));
    console.log(`first request ${bytes[0]} bytes, all ${bytes.reduce((a, b) => a + b, 0)} bytes`);
    expect(bytes[0]).toBeLessThanOrEqual(8 * 1024);
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(505_000);
    for (const [at, request] of sent.slice(1).entries()) expect(isPrefix(sent[at] ?? request, request)).toBe(true);
    expect(state.usage).toMatchObject({ inputTokens: 3100, cachedTokens: 1860, outputTokens: 310 });
    const work = state.steps.filter((step) => step.turn === 2).map((step) => step.durationMs ?? 0);
    console.log(`ms per step ${work.join(' ')}`);
  },
  180_000,
);

test.skipIf(here !== '')(
  `a second model holds checks out from a requirement's words alone, and the first never sees them${here}`,
  async () => {
    const program = (text: string) => call('write', { path: 'greet.sh', content: text });
    // First what only knows the visible example, then what does what the words say.
    const written = ['echo "Hello, Ada!"', 'echo "Hello, $1!"'];
    stage.work = (n) => ({ calls: [program(written[Math.min(n, 2) - 1] ?? ''), finish] });
    const spec = {
      kind: 'command',
      argv: ['/bin/bash', 'greet.sh', 'Zuse'],
      expect: { exitCode: 0, stdoutIncludes: ['Hello, Zuse!'] },
    };
    const guessed = { title: 'a guess', spec: { kind: 'test', toolchain: 'python', files: [], tests: [] } };
    const hold = { checks: [{ title: 'greets Zuse', spec }, guessed, 'nothing'] };
    const asked: string[] = [];
    const usual = stage.server.script;
    stage.server.script = (request) => {
      if (!request.body.includes('"hold_out"')) return usual(request);
      asked.push(request.body);
      return { calls: [call('hold_out', hold)] };
    };
    const order = { prompt: 'A program that greets', autonomy: 'auto', model, checksModel: model };
    const state = await factory.until(await factory.create(order), over, 120_000);
    stage.server.script = usual;
    expect(requirementViews(state)).toMatchObject([{ status: 'proven', heldOut: true }]);
    expect(state.heldOut).toMatchObject([{ model, check: { id: 'H-1', title: 'greets Zuse', intent: 'change' } }]);
    expect(state.turns.map(({ purpose }) => purpose)).toEqual(['plan', 'work', 'repair']);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('When greet.sh is run with a name');
    expect(asked[0]).not.toContain('A program that greets');
    const others = stage.server.requests.filter(({ body }) => !body.includes('"hold_out"'));
    expect(others.length).toBeGreaterThan(2);
    expect(others.filter(({ body }) => body.includes('Zuse'))).toEqual([]);
  },
  180_000,
);

test('who watches sees what the model writes while it does, and nothing of it is stored', async () => {
  stage.plan = () => ({ text: 'I think of a plan, word by word. '.repeat(10), fault: { kind: 'hang', at: 0.5 } });
  const id = await factory.create({ prompt: 'A program that greets', autonomy: 'auto', model });
  const stream = await Stream.open(`${factory.server.url}/api/runs/${id}/events`, {
    authorization: `Bearer ${factory.token}`,
  });
  const words = await eventually(async () => {
    const told = stream.messages.filter((message) => message.event === 'words').map((message) => message.data);
    if (told.length === 0) throw new Error('nothing was told');
    return told as LiveWords[];
  });
  expect(words[0]).toMatchObject({
    step: 1,
    kind: 'text',
    offset: 0,
    text: expect.stringMatching(/^I think/) as string,
  });
  stage.plan = () => ({ calls: planCalls });
  await factory.command(id, { do: 'cancel' });
  await factory.until(id, ({ modelCall }) => modelCall?.outcome === 'failed');
  stream.close();
  expect(JSON.stringify(await factory.log(id))).not.toContain('word by word');
});

test.skipIf(here !== '')(
  `the key is nowhere: not in the sandbox, events, answers, files, the database, command lines or errors${here}`,
  async () => {
    const canary = 'sk-DFCANARY-7f3a9c1e5b';
    // The key stands in the settings this time, and the vendor repeats it in a refusal.
    stage.server.key = canary;
    const values = { baseUrl: `${stage.server.url}/v1`, key: canary };
    const saved = await factory.ask('/api/model-providers/openai-compatible', { json: { values } });
    const look =
      'env; tr "\\0" " " < /proc/1/environ; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" " "; ls -la ~ /tmp';
    stage.work = (n) =>
      n === 1
        ? { calls: [{ name: 'shell', input: { command: look } }] }
        : { fault: { kind: 'status', status: 401, body: `{"error":{"message":"Incorrect API key ${canary}"}}` } };
    const id = await factory.create({ prompt: 'Look around', autonomy: 'auto', model });
    const state = await factory.until(id, over, 60_000);
    expect(state.stage).toMatchObject({ name: 'failed', code: 'model_key_refused' });
    const looked = state.steps.flatMap((step) => step.calls).find(({ tool }) => tool === 'shell');
    expect(looked?.excerpt).toContain('PATH=');
    const lists = ['/api/models', '/api/model-providers', '/api/agents', '/api/doctor', `/api/runs/${id}`, '/api/runs'];
    const answers = await Promise.all(lists.map(async (path) => (await factory.ask(path)).text));
    const blob = await factory.ask(`/api/runs/${id}/blobs/${looked?.body ?? ''}`);
    expect(JSON.stringify([saved.text, answers, blob.text, await factory.log(id)])).not.toContain(canary);
    expect(await holding(factory.dataDir, id)).not.toEqual([]);
    expect(await holding(factory.dataDir, canary)).toEqual([]);
    expect(await holding('/proc', canary, /^\/proc\/\d+\/cmdline$/)).toEqual([]);
    await factory.ask('/api/model-providers/openai-compatible/forget', { json: {} });
    stage.server.key = 'sk-scripted';
  },
  90_000,
);
