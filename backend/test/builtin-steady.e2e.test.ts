import { spawnSync } from 'node:child_process';
import { requirementViews, type RunState } from '@devfactory/contracts';
import type { ModelFaultScript, ModelTurn } from '@devfactory/kit/testing';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { BuiltinStage, call, finish, isPrefix, planCalls, workTurns } from './builtin-stage.ts';
import { eventually } from './factory.ts';

const canary = 'DFCANARY_fedcba9876543210';
const stage = await BuiltinStage.start(canary);
const { factory, server } = stage;
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;

afterAll(() => stage.end());
beforeEach(() => stage.begin());

const over = (state: RunState): boolean => ['delivered', 'finished', 'failed', 'waiting'].includes(state.stage.name);
const begin = (request: object = {}): Promise<string> =>
  factory.create({ prompt: 'A program that greets', autonomy: 'auto', destinations: [{ kind: 'zip' }], ...request });
const right = workTurns(5);
const greet = call('write', { path: 'greet.sh', content: 'echo "Hello, $1!"\n' });
const proven = (state: RunState): void => {
  expect(state.stage).toMatchObject({ name: 'delivered' });
  expect(requirementViews(state).map((view) => view.status)).toEqual(['proven']);
};
/** The second request of the work goes wrong once, then all goes on. */
const once = (fault: ModelFaultScript) => {
  let left = 1;
  let n = 0;
  stage.work = (): ModelTurn => {
    if (n === 1 && left-- > 0) return { ...right[1], fault };
    n += 1;
    return right[n - 1] ?? {};
  };
};

describe.skipIf(here !== '')(`a run with a model${here}`, () => {
  test.each<[string, ModelFaultScript]>([
    ['a busy provider', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ['an overloaded one', { kind: 'status', status: 529 }],
    ['a cut in the arguments', { kind: 'cut', at: 0.6 }],
    ['a broken line', { kind: 'broken-line', at: 0.5 }],
    ['silence', { kind: 'hang', at: 0.4 }],
  ])('gets over %s without a second step for it', async (_, fault) => {
    once(fault);
    const state = await factory.until(await begin(), over, 60_000);
    proven(state);
    expect(stage.workRequests).toHaveLength(6);
    expect(state.steps.filter((step) => step.turn === 2)).toHaveLength(5);
    expect(state.steps.find((step) => step.modelCalls === 2)).toBeDefined();
  });

  test('fails with the reason when the provider stays away, and goes on where it was when it is resumed', async () => {
    let away = true;
    stage.work = () => (away ? { fault: { kind: 'status', status: 503 } } : { calls: [greet, finish] });
    const id = await begin();
    const failed = await factory.until(id, over, 60_000);
    expect(failed.stage).toMatchObject({ name: 'failed', code: 'model_unavailable' });
    expect(failed.modelCall).toMatchObject({ outcome: 'failed', retryInMs: null });
    away = false;
    await factory.command(id, { do: 'resume' });
    proven(await factory.until(id, (state) => state.stage.name !== 'failed' && over(state), 60_000));
  });

  test('tells the model what was wrong with its call, and its history stays one', async () => {
    const turns: ModelTurn[] = [
      { calls: [{ name: 'write', input: '{"path": "greet.sh", "content": "echo' }] },
      { calls: [call('teleport', { to: 'there' })] },
      { calls: [call('write', { path: '../outside', content: 'x' })] },
      {},
      { text: 'I think I am done.' },
      { calls: [greet] },
      { calls: [finish] },
    ];
    stage.work = (n) => turns[n - 1] ?? {};
    proven(await factory.until(await begin(), over, 60_000));
    const sent = stage.workRequests;
    expect(sent).toHaveLength(turns.length);
    for (const [at, request] of sent.slice(1).entries()) expect(isPrefix(sent[at] ?? request, request)).toBe(true);
    expect(sent[1]?.body).toContain('The arguments are no valid JSON');
    expect(sent[2]?.body).toContain('There is no tool teleport');
    expect(sent[3]?.body).toContain('not a relative path inside the workspace');
    expect(sent[4]?.body).toContain('Your answer was empty');
    expect(sent[5]?.body).toContain('You stopped without calling finish');
  });

  test('tells a model that repeats itself, then asks the person, and goes on with the answer', async () => {
    let answered = false;
    stage.work = (_, request) => {
      answered ||= request.body.includes('Take bash');
      return answered ? { calls: [greet, finish] } : { calls: [call('shell', { command: 'false' })] };
    };
    const id = await begin();
    const asked = await factory.until(id, over, 60_000);
    expect(asked.stage).toMatchObject({ name: 'waiting', for: 'answer' });
    expect(stage.workRequests.some((request) => request.body.includes('the same shell call 3 times'))).toBe(true);
    const [question] = asked.questions;
    expect(question?.options.length).toBeGreaterThan(0);
    await factory.command(id, { do: 'answer', questionId: question?.id, answer: 'Take bash' });
    proven(await factory.until(id, (state) => state.stage.name !== 'waiting' && over(state), 60_000));
  });

  test('repairs what the verifier did not pass, told what it saw', async () => {
    stage.work = (n) =>
      n === 1
        ? { calls: [call('write', { path: 'greet.sh', content: 'echo "Bye, $1!"\n' }), finish] }
        : { calls: [greet, finish] };
    proven(await factory.until(await begin(), over, 60_000));
    expect(stage.workRequests[1]?.body).toContain('Not proven: R-1');
    expect(stage.workRequests[1]?.body).toContain('greets Ada');
  });

  test('shortens what it shows a model that holds less than was thought', async () => {
    let full = true;
    const long = 'word '.repeat(4000);
    stage.work = (n, request) => {
      if (n <= 4) return { calls: [call('write', { path: `long${n}.txt`, content: `${n}${long}` })] };
      if (full && request.body.length > 50_000)
        return {
          fault: { kind: 'status', status: 400, body: '{"error":{"message":"maximum context length exceeded"}}' },
        };
      full = false;
      return n > 9 ? { calls: [finish] } : { calls: [greet] };
    };
    server.models = [{ id: 'scripted', max_model_len: 30_000 }];
    await factory.restart({ environment: stage.environment, limits: stage.limits });
    const state = await factory.until(await begin(), over, 60_000);
    proven(state);
    const log = await factory.log(state.id);
    expect(log.filter((event) => event.type === 'context.compacted').length).toBeGreaterThan(0);
    expect(stage.workRequests.at(-1)?.body).toContain('Done so far');
    expect(stage.workRequests.at(-1)?.body).toContain('the system shall print');
  });

  test('ends the request at once when a person pauses it, and asks the same again afterwards', async () => {
    let hang = true;
    stage.work = () => (hang ? { ...right[0], fault: { kind: 'drip', at: 0.5 } } : { calls: [greet, finish] });
    const id = await begin();
    await eventually(async () => expect(stage.workRequests).toHaveLength(1), 30_000);
    const before = performance.now();
    await factory.command(id, { do: 'pause' });
    await eventually(async () => expect(server.aborted).toBe(1));
    expect(performance.now() - before).toBeLessThan(1500);
    hang = false;
    await factory.command(id, { do: 'resume' });
    proven(await factory.until(id, over, 60_000));
    expect(stage.workRequests[1]?.body).toBe(stage.workRequests[0]?.body);
  });

  test('ends a command and all that it started at once when a person stops the run, and asks nothing more', async () => {
    const running = (): boolean => spawnSync('pgrep', ['-f', '^sleep 472[56]']).status === 0;
    stage.work = () => ({
      calls: [call('shell', { command: 'sleep 4725 & (trap "" TERM; sleep 4726) ; wait' }), call('list', {})],
    });
    const id = await begin();
    await eventually(async () => expect(running()).toBe(true), 30_000);
    const before = performance.now();
    await factory.command(id, { do: 'cancel' });
    await eventually(async () => expect(running()).toBe(false));
    expect(performance.now() - before).toBeLessThan(3_000);
    const state = await factory.until(id, ({ stage: { name } }) => name === 'cancelled');
    // The command that was cut off is told as such, and what stood behind it was not begun.
    const calls = state.steps.at(-1)?.calls ?? [];
    expect(calls.map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ['shell', 'interrupted'],
      ['list', 'pending'],
    ]);
    expect(stage.workRequests).toHaveLength(1);
  });

  test('sees what a person wrote into a file meanwhile, and overwrites nothing of it', async () => {
    const turns: ModelTurn[] = [
      { calls: [call('write', { path: 'greet.sh', content: 'echo one\n' })] },
      { calls: [call('shell', { command: 'echo "# by a person" >> greet.sh' })] },
      { calls: [call('edit', { path: 'greet.sh', find: 'echo one', replace: 'echo two' })] },
      { calls: [call('write', { path: 'greet.sh', content: 'gone' })] },
      { calls: [call('read', { path: 'greet.sh' })] },
      { calls: [call('edit', { path: 'greet.sh', find: 'echo two', replace: 'echo "Hello, $1!"' })] },
      { calls: [call('shell', { command: 'cat greet.sh' })] },
      { calls: [finish] },
    ];
    stage.work = (n) => turns[n - 1] ?? {};
    proven(await factory.until(await begin(), over, 60_000));
    expect(stage.workRequests[3]?.body).toContain('both changes are in it now');
    expect(stage.workRequests[3]?.body).not.toContain('was changed since you last saw it');
    expect(stage.workRequests[4]?.body).toContain('was changed since you last saw it');
    expect(stage.workRequests[7]?.body).toContain('# by a person');
  });

  test('takes no money beyond the budget but for one call, and goes on when it is raised', async () => {
    const figures = { contextTokens: 100_000, outputTokens: 1000, inputUsd: 1000, cachedUsd: null, outputUsd: 1000 };
    await factory.ask('/api/models/figures', { json: { model: 'openai-compatible/scripted', figures } });
    stage.work = (n) => right[n - 1] ?? {};
    // 110 tokens a call: eleven cents. The plan and one step of work take it all.
    const id = await begin({ budgetUsd: 0.12 });
    const failed = await factory.until(id, over, 60_000);
    expect(failed.stage).toMatchObject({ name: 'failed', code: 'budget_spent' });
    expect(server.requests).toHaveLength(2);
    expect(failed.usage.costUsd).toBeCloseTo(0.22, 6);
    await factory.command(id, { do: 'set-budget', budgetUsd: 10 });
    await factory.command(id, { do: 'resume' });
    proven(await factory.until(id, (state) => state.stage.name !== 'failed' && over(state), 60_000));
    await factory.ask('/api/models/budgets', { json: { dayUsd: 0.01, personDayUsd: null } });
    const next = await factory.until(await begin(), over, 60_000);
    expect(next.stage).toMatchObject({ name: 'failed', code: 'budget_spent' });
    await factory.ask('/api/models/budgets', { json: { dayUsd: null, personDayUsd: null } });
    await factory.ask('/api/models/figures', { json: { model: 'openai-compatible/scripted', figures: null } });
  });

  test('has its model changed between steps', async () => {
    stage.work = (n) => (n === 1 ? { ...right[0], fault: { kind: 'drip', at: 0.5 } } : { calls: [greet, finish] });
    const id = await begin();
    await eventually(async () => expect(stage.workRequests).toHaveLength(1), 30_000);
    await factory.command(id, { do: 'pause' });
    expect((await factory.command(id, { do: 'choose-model', model: 'openai-compatible/another' })).status).toBe(202);
    await factory.command(id, { do: 'resume' });
    proven(await factory.until(id, over, 60_000));
    expect(stage.workRequests.map((request) => request.model)).toEqual(['scripted', 'another']);
  });

  test('keeps its key out of everything that anybody can see', async () => {
    stage.plan = () => ({ calls: planCalls });
    stage.work = (n) =>
      n === 1
        ? {
            calls: [
              call('shell', { command: 'env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"' }),
            ],
          }
        : n === 2
          ? { fault: { kind: 'status', status: 500, body: `{"error":{"message":"bad key ${canary}"}}` } }
          : { calls: [greet, finish] };
    const id = await begin();
    const state = await factory.until(id, over, 60_000);
    proven(state);
    const log = await factory.log(id);
    const blobs = await Promise.all(
      state.steps
        .flatMap((step) => [step.body, ...step.calls.map((item) => item.body)])
        .map(async (digest) => (await factory.ask(`/api/runs/${id}/blobs/${digest ?? ''}`)).text),
    );
    const rows = await factory.sql<object>('select * from run_events');
    const seen = JSON.stringify([log, blobs, rows, await factory.sql('select * from runs'), state]);
    expect(seen).toContain('bad key [key]');
    expect(seen).not.toContain(canary);
    expect(server.requests.every((request) => !request.body.includes(canary) && !request.path.includes(canary))).toBe(
      true,
    );
  });
});
