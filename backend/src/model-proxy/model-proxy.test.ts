import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Fact, ModelFigures, RunState } from '@devfactory/contracts';
import { defaultModelLimits, MeteredModel, SandboxModel } from '@devfactory/engine';
import { ModelServer, type ModelTurn } from '@devfactory/kit/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { modelProxy } from './model-proxy.ts';

const vendor = await ModelServer.start();
vendor.key = 'sk-the-real-one';
const figures: ModelFigures = { contextTokens: 10_000, outputTokens: 1000, inputUsd: 10, cachedUsd: 1, outputUsd: 100 };
const patience = { ...defaultModelLimits, attempts: 3, backoffMs: 1, firstPartMs: 2000, nextPartMs: 1000 };

/** How the factory asks, by vendor. */
const vendors: Readonly<Record<string, LanguageModelV4>> = {
  'Chat Completions': createOpenAICompatible({
    name: 'x',
    baseURL: `${vendor.url}/v1`,
    apiKey: vendor.key,
    includeUsage: true,
  }).chatModel('scripted'),
  Responses: createOpenAI({ baseURL: `${vendor.url}/v1`, apiKey: vendor.key }).responses('scripted'),
  Messages: createAnthropic({ baseURL: `${vendor.url}/v1`, apiKey: vendor.key })('scripted'),
  generateContent: createGoogleGenerativeAI({ baseURL: `${vendor.url}/v1beta`, apiKey: vendor.key })('scripted'),
};
let language = vendors['Chat Completions'] as LanguageModelV4;
let budgetUsd: number | null = null;
let spent = 0;
const facts: Fact[] = [];
const state = (): RunState =>
  ({ id: 'run_aaaaaaaaaaaaaaaa', model: 'x/scripted', budgetUsd, usage: { costUsd: spent } }) as unknown as RunState;
const keep = (...added: readonly Fact[]): void => {
  facts.push(...added);
  for (const { data } of added) spent += 'usage' in data && data.usage ? data.usage.costUsd : 0;
};
const model = new SandboxModel({
  state,
  open: async (step) =>
    new MeteredModel({
      step,
      model: { ref: 'x/scripted', figures, language, redact: (text) => text },
      limits: patience,
      spending: null,
      runId: 'run_aaaaaaaaaaaaaaaa',
      state,
      append: async (...added) => keep(...added),
    }),
  commit: async (metered) => keep(...metered.takeFacts()),
});
const door = modelProxy.open(model);
const listener = createServer((socket) => door.accept(socket));
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
afterAll(async () => {
  door.close();
  listener.close();
  await vendor.close();
});
beforeEach(() => {
  vendor.requests.length = 0;
  vendor.script = () => whole;
  facts.length = 0;
  budgetUsd = null;
  spent = 0;
  language = vendors['Chat Completions'] as LanguageModelV4;
});

/** How agents ask, by the library that many of them are made with. */
const agents: Readonly<Record<string, () => LanguageModelV4>> = {
  'Chat Completions': () =>
    createOpenAICompatible({ name: 'x', baseURL: `${url}/v1`, apiKey: door.token, includeUsage: true }).chatModel(
      'any',
    ),
  Responses: () => createOpenAI({ baseURL: `${url}/v1`, apiKey: door.token }).responses('gpt-5-any'),
  Messages: () => createAnthropic({ baseURL: `${url}/v1`, apiKey: door.token })('any'),
  generateContent: () => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: door.token })('any'),
};
const open = { step: 1, signal: new AbortController().signal };
const whole: ModelTurn = {
  text: 'I write the file now, as it was asked for.',
  calls: [
    { name: 'write', input: { path: 'a.txt', content: 'é "x"\n'.repeat(20) } },
    { name: 'write', input: { path: 'b.txt' } },
  ],
  usage: { input: 1000, cached: 800, output: 20 },
};
const question: LanguageModelV4CallOptions = {
  prompt: [
    { role: 'system', content: 'You write files.' },
    { role: 'user', content: [{ type: 'text', text: 'Write a.txt' }] },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'First I look.' },
        { type: 'tool-call', toolCallId: 'call_1', toolName: 'read', input: { path: 'a.txt' } },
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: 'read',
          output: { type: 'text', value: 'a.txt is not there' },
        },
      ],
    },
  ],
  tools: [
    {
      type: 'function',
      name: 'write',
      description: 'Writes a file',
      inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
  ],
  maxOutputTokens: 100,
};

async function said(
  asking: LanguageModelV4,
): Promise<{ text: string; calls: unknown[]; finish: string; usage: unknown }> {
  const { stream } = await asking.doStream(question);
  const answer = { text: '', calls: [] as unknown[], finish: '', usage: null as unknown };
  for await (const part of stream) {
    if (part.type === 'error') throw part.error instanceof Error ? part.error : new Error(JSON.stringify(part.error));
    if (part.type === 'text-delta') answer.text += part.delta;
    if (part.type === 'tool-call') answer.calls.push({ name: part.toolName, input: JSON.parse(part.input) as unknown });
    if (part.type === 'finish') {
      answer.finish = part.finishReason.unified;
      answer.usage = { input: part.usage.inputTokens.total, cached: part.usage.inputTokens.cacheRead };
    }
  }
  return answer;
}

const expected = {
  text: whole.text,
  calls: whole.calls,
  finish: 'tool-calls',
  usage: { input: 1000, cached: 800 },
};

describe.each(Object.keys(vendors))('a model that speaks %s', (vendorFormat) => {
  it.each(Object.keys(agents))('answers an agent that speaks %s, and is metered', async (agentFormat) => {
    language = vendors[vendorFormat] as LanguageModelV4;
    const answer = await model.during(open, () => said((agents[agentFormat] as () => LanguageModelV4)()));
    expect(answer).toEqual(expected);
    expect(facts.map((fact) => fact.type)).toEqual(['model.called', 'model.answered']);
    expect(spent).toBeCloseTo((200 * 10 + 800 * 1 + 20 * 100) / 1e6, 9);
    const [sent] = vendor.requests;
    for (const word of ['You write files.', 'Write a.txt', 'First I look.', 'a.txt is not there', 'Writes a file'])
      expect(sent?.body).toContain(word);
    expect(JSON.stringify(sent?.headers)).not.toContain(door.token);
  });
});

describe.each(Object.entries(agents))('an agent that speaks %s', (_, open_) => {
  it('gets an answer in one piece too', async () => {
    const answer = await model.during(open, async () => open_().doGenerate(question));
    expect(answer.content.map((part) => part.type)).toEqual(['text', 'tool-call', 'tool-call']);
    expect(answer.finishReason.unified).toBe('tool-calls');
  });

  it('is told that the conversation is too long, in words that it knows', async () => {
    vendor.script = () => ({
      fault: { kind: 'status', status: 400, body: '{"error":{"message":"maximum context length"}}' },
    });
    const error = await model.during(open, () => said(open_())).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ statusCode: 400 });
    expect((error as { responseBody: string }).responseBody).toMatch(
      /context_length_exceeded|prompt is too long|input token count exceeds/,
    );
  });

  it('does not notice a fault before the first word', async () => {
    vendor.script = ({ n }) => (n === 1 ? { fault: { kind: 'status', status: 529 } } : whole);
    expect(await model.during(open, () => said(open_()))).toEqual(expected);
    expect(facts.map((fact) => fact.type)).toEqual(['model.called', 'model.failed', 'model.called', 'model.answered']);
  });

  it('is told that an answer broke off, and what it held is paid for', async () => {
    vendor.script = () => ({ ...whole, fault: { kind: 'cut', at: 0.4 } });
    const answer = await model.during(open, () => said(open_())).catch((caught: unknown) => caught);
    // Google's library takes an error within the stream for an end without a reason.
    expect(answer instanceof Error || (answer as { finish: string }).finish !== 'tool-calls').toBe(true);
    expect(vendor.requests).toHaveLength(1);
    expect(spent).toBeGreaterThan(0);
  });

  it('is refused without the token, when no step goes on, and when the budget is spent', async () => {
    const asked = (): Promise<unknown> => said(open_()).catch((caught: unknown) => caught);
    expect(await asked()).toMatchObject({ statusCode: 403, message: expect.stringContaining('No step') as string });
    budgetUsd = 0.001;
    await model.during(open, async () => {
      await asked();
      expect(await asked()).toMatchObject({ statusCode: 402, message: expect.stringContaining('is spent') as string });
      expect(model.refused()).toMatchObject({ code: 'budget_spent' });
    });
    expect(vendor.requests).toHaveLength(1);
  });
});

it('gives a thought back as it came, so that its vendor takes it back', async () => {
  language = vendors['Chat Completions'] as LanguageModelV4;
  const turn = { reasoning: 'I think first.', text: 'Done.' };
  vendor.script = () => turn;
  const { stream } = await model.during(open, async () =>
    (agents['Messages'] as () => LanguageModelV4)().doStream(question),
  );
  let thought = '';
  for await (const part of stream) if (part.type === 'reasoning-delta') thought += part.delta;
  expect(thought).toBe('I think first.');
});

it('streams each word as it comes, before the answer is whole', async () => {
  const goOn = Promise.withResolvers<void>();
  vendor.script = () => ({ ...whole, fault: { kind: 'hang', at: 0.3 } });
  const first = Promise.withResolvers<string>();
  const ended = model.during(open, async () => {
    const asked = httpRequest(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.token}` },
    });
    asked.once('response', (response) => response.on('data', (bytes: Buffer) => first.resolve(String(bytes))));
    asked.on('error', () => {});
    asked.end(JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'Hello' }] }));
    await goOn.promise;
    asked.destroy();
  });
  expect(await first.promise).toContain('"delta":{');
  const before = vendor.aborted;
  goOn.resolve();
  await ended;
  // An agent that hangs up, or a step that ends, ends the call.
  await expect.poll(() => vendor.aborted).toBe(before + 1);
  expect(facts.map((fact) => fact.type)).toEqual(['model.called', 'model.failed']);
});

it('shows a tool that takes text to any model, and gives the text back', async () => {
  const patch = '*** Begin Patch\n*** End Patch';
  vendor.script = () => ({ calls: [{ name: 'apply_patch', input: { input: patch } }] });
  const body = {
    stream: true,
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Patch it' }] }],
    tools: [{ type: 'custom', name: 'apply_patch', description: 'Applies a patch' }],
  };
  const text = await model.during(open, async () => (await post('/v1/responses', body)).text());
  const done = text.split('\n').find((line) => line.includes('"response.output_item.done"'));
  expect(JSON.parse((done ?? '').slice('data: '.length))).toMatchObject({
    item: { type: 'custom_tool_call', name: 'apply_patch', input: patch },
  });
});

it('lists the one model, counts, and refuses what it does not know', async () => {
  const listed = await fetch(`${url}/v1/models`, { headers: { 'x-api-key': door.token } });
  expect(await listed.json()).toMatchObject({ data: [{ id: 'x/scripted' }] });
  const count = await post('/v1/messages/count_tokens', { messages: [{ role: 'user', content: 'x'.repeat(300) }] });
  expect(((await count.json()) as { input_tokens: number }).input_tokens).toBeGreaterThan(90);
  expect((await post('/v1/embeddings', {})).status).toBe(404);
  expect((await post('/v1/messages', { messages: [] })).status).toBe(400);
  expect((await post('/v1/chat/completions', 'not a request')).status).toBe(400);
  const stranger = await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer devfactory-guess' } });
  expect(stranger.status).toBe(401);
  expect(vendor.requests).toHaveLength(0);
});

it('lets one request after the other out while there is a budget, and ends those under way with their step', async () => {
  budgetUsd = 1;
  vendor.script = () => ({ ...whole, fault: { kind: 'hang', at: 0.1 } });
  const chat = agents['Chat Completions'] as () => LanguageModelV4;
  const both: Promise<unknown>[] = [];
  await model.during(open, async () => {
    both.push(...[1, 2].map(() => said(chat()).catch((caught: unknown) => caught)));
    await expect.poll(() => vendor.requests.length).toBe(1);
  });
  await Promise.all(both);
  expect(vendor.requests).toHaveLength(1);
  expect(facts.map((fact) => fact.type)).toEqual(['model.called', 'model.failed']);
});

function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
