import { noUsage } from '@devfactory/contracts';
import type { Agent, StepInput, StepOutput } from '@devfactory/kit';
import { ModelServer } from '@devfactory/kit/testing';
import { afterAll, expect, test } from 'vitest';
import { Factory } from './factory.ts';

const key = 'sk-canary-0123456789';
const vendor = await ModelServer.start(() => ({ text: 'forty-two', usage: { input: 1000, cached: 0, output: 100 } }));
vendor.key = key;

/** What a program of an agent does in the sandbox: asks, tries the straight way, looks around for a key, and leaves a daemon behind. */
const program = `
const [url, token, straight] = process.argv.slice(2);
const ask = async (at, path, body, bearer = token) => {
  try {
    const answer = await fetch(at + path, { method: 'POST', headers: { authorization: 'Bearer ' + bearer }, body: JSON.stringify(body) });
    return { status: answer.status, text: await answer.text() };
  } catch (error) { return { status: 0, text: String(error.cause ?? error) }; }
};
const messages = [{ role: 'user', content: 'What is it?' }];
const chat = () => ask(url, '/v1/chat/completions', { messages });
const { spawn } = await import('node:child_process');
const { readdirSync, readFileSync, writeFileSync } = await import('node:fs');
const seen = [JSON.stringify(process.env)];
for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)))
  for (const file of ['cmdline', 'environ'])
    try { seen.push(readFileSync('/proc/' + pid + '/' + file, 'latin1')); } catch {}
writeFileSync('asked.json', JSON.stringify({
  first: await chat(),
  stranger: await ask(url, '/v1/chat/completions', { messages }, 'devfactory-guess'),
  straight: await ask(straight, '/v1/chat/completions', { messages }),
  seen: seen.join(' '),
}));
if (process.argv[5] === 'stay') setInterval(chat, 50);
`;

let stay = '';
/** An agent whose own program asks the model, as vendors' coding agents do. */
const outside: Agent = {
  id: 'outside',
  title: 'Outside',
  note: 'asks from the sandbox',
  needsModel: true,
  modelInSandbox: true,
  accept: () => {},
  step: async (input) => ({
    text: '',
    usage: noUsage,
    calls: callsOf(input).map((call, at) => ({ id: `${at}`, ...call })),
  }),
};

function callsOf({ purpose, models, turn, history }: StepInput): Omit<StepOutput['calls'][number], 'id'>[] {
  if (purpose === 'plan') {
    const spec = { kind: 'file', path: 'asked.json', includes: ['forty-two'] };
    const requirements = [{ text: 'There is what the model said.', checks: [{ title: 'it is written down', spec }] }];
    return [
      { tool: 'propose_requirements', input: { requirements } },
      { tool: 'finish', input: {} },
    ];
  }
  const refused = models?.refused();
  if (refused) throw refused;
  if (!models || history.some((step) => step.turn === turn)) return [{ tool: 'finish', input: {} }];
  const command = `node ask.mjs ${models.url} ${models.token} ${vendor.url} ${stay}`;
  return [
    { tool: 'write', input: { path: 'ask.mjs', content: program } },
    { tool: 'shell', input: { command, background: stay !== '' } },
    ...(stay === '' ? [] : [{ tool: 'shell', input: { command: 'until [ -s asked.json ]; do sleep 0.05; done' } }]),
  ];
}

const factory = await Factory.start({
  agents: [outside],
  environment: {
    OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
    OPENAI_COMPATIBLE_API_KEY: key,
    DEVFACTORY_MODEL: 'openai-compatible/scripted',
  },
});
afterAll(async () => {
  await factory.end();
  await vendor.close();
});
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;

const request = {
  prompt: 'Ask the model',
  agent: 'outside',
  autonomy: 'auto',
  destinations: [{ kind: 'zip' }],
};

test.skipIf(here !== '')(
  `a program in the sandbox asks the run's model through the one door there is, without a key${here}`,
  async () => {
    const id = await factory.create(request);
    const state = await factory.until(id, ({ stage }) => ['delivered', 'failed', 'waiting'].includes(stage.name));
    expect(state.stage).toMatchObject({ name: 'delivered' });
    const [checkpoint] = state.checkpoints.slice(-1);
    const file = await factory.ask(`/api/runs/${id}/checkpoints/${checkpoint?.id}/file?path=asked.json`);
    const asked = JSON.parse((file.json as { text: string }).text) as Record<
      string,
      { status: number; text: string }
    > & {
      seen: string;
    };
    expect(asked['first']).toMatchObject({ status: 200, text: expect.stringContaining('forty-two') as string });
    expect(asked['stranger']?.status).toBe(401);
    expect(asked['straight']?.status).not.toBe(200);
    expect(JSON.stringify(asked)).not.toContain(key);
    // It is metered like a question of our own, to the step that asked.
    expect(state.usage).toMatchObject({ inputTokens: 1000, outputTokens: 100 });
    expect(state.steps.find((step) => step.modelCalls > 0)).toMatchObject({
      modelCalls: 1,
      usage: { inputTokens: 1000 },
    });
    expect(state.openModelCalls).toEqual([]);
    expect(vendor.requests).toHaveLength(1);
    expect(JSON.stringify(await factory.log(id))).not.toContain(key);
  },
);

test.skipIf(here !== '')(
  `what is left behind in a sandbox spends no more than the budget, and nothing after its step${here}`,
  async () => {
    const figures = { contextTokens: 100_000, outputTokens: 1000, inputUsd: 1, cachedUsd: 1, outputUsd: 10 };
    await factory.ask('/api/models/figures', { json: { model: 'openai-compatible/scripted', figures } });
    vendor.requests.length = 0;
    stay = 'stay';
    // Each answer costs 0.002: the second reaches the budget.
    const id = await factory.create({ ...request, budgetUsd: 0.003 });
    const state = await factory.until(id, ({ stage }) => ['delivered', 'failed', 'waiting'].includes(stage.name));
    expect(vendor.requests.length).toBeGreaterThanOrEqual(1);
    expect(vendor.requests.length).toBeLessThanOrEqual(2);
    expect(state.usage.costUsd).toBeCloseTo(0.002 * vendor.requests.length, 6);
    expect(state.openModelCalls).toEqual([]);
  },
);
