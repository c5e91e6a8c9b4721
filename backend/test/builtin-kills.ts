import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirementViews, type RunEvent } from '@devfactory/contracts';
import { ModelServer, type ModelServerRequest, type ModelTurn } from '@devfactory/kit/testing';
import { expect } from 'vitest';
import { call, finish, isPrefix, planCalls } from './builtin-stage.ts';
import { ServerProcess } from './server-process.ts';

const greet = call('write', { path: 'greet.sh', content: 'echo "Hello, $1!"\n' });
/** Each line of the file is one effect: a call that was made twice leaves it twice. */
const work: readonly ModelTurn[] = [
  { text: 'I count.', calls: [call('shell', { command: 'echo 1 >> steps.txt' }), call('list', {})] },
  { calls: [call('shell', { command: 'echo 2 >> steps.txt; sleep 0.1' }), call('read', { path: 'steps.txt' })] },
  { calls: [greet, call('shell', { command: 'echo 3 >> steps.txt' })] },
  { calls: [call('edit', { path: 'greet.sh', find: 'Hello', replace: 'Hello' })] },
  { calls: [finish] },
];

interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
}

const messagesOf = ({ body }: Pick<ModelServerRequest, 'body'>): Message[] =>
  (JSON.parse(body) as { messages: Message[] }).messages;
const isPlan = (body: string): boolean =>
  body.includes('"name":"propose_requirements"') && !body.includes('"name":"write"');
const rests = ({ type }: RunEvent): boolean =>
  ['run.finished', 'run.failed', 'wait.began', 'run.cancelled'].includes(type);

/** What is said depends on what was asked alone, so a lost answer is given again as it was. What a kill took is done in a repair. */
function answer(body: string): ModelTurn {
  if (isPlan(body)) return { calls: planCalls };
  const said = messagesOf({ body }).filter((message) => message.role === 'assistant').length;
  return work[said] ?? { calls: [greet, finish] };
}

/** Every call has its answer right behind it, once, as vendors demand. */
function expectValidHistory(request: ModelServerRequest): void {
  let open: string[] = [];
  for (const message of messagesOf(request)) {
    if (message.role === 'tool') {
      expect(open).toContain(message.tool_call_id);
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    expect(open, 'calls without an answer').toEqual([]);
    open = message.tool_calls?.map(({ id }) => id) ?? [];
  }
  expect(open, 'calls without an answer').toEqual([]);
}

/**
 * Lets runs be killed at every `stride`-th event, from each of these on; the server is started again each time, and the run must end
 * whole. Gives what they were killed at, or why there is no run here.
 */
export async function killRuns(plan: {
  readonly from: readonly number[];
  readonly stride: number;
}): Promise<ReadonlyMap<string, number> | string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-model-kills-'));
  const vendor = await ModelServer.start(({ body }) => answer(body));
  const environment = {
    OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
    DEVFACTORY_MODEL: 'openai-compatible/scripted',
  };
  let factory = await ServerProcess.start(dataDir, environment);
  const killedAt = new Map<string, number>();
  try {
    const doctor = await factory.ask<{ name: string; outcome: string; found: string }[]>('/api/doctor');
    const sandbox = doctor.find((check) => check.name === 'sandbox');
    if (sandbox?.outcome !== 'ok') return `no sandbox here: ${sandbox?.found ?? ''}`;
    for (const from of plan.from) {
      vendor.requests.length = 0;
      const { id } = await factory.ask<{ id: string }>('/api/runs', { prompt: 'A program', autonomy: 'auto' });
      for (let seq = from; ; seq += plan.stride) {
        const event = await factory.killAt(id, seq, rests);
        if (!event) break;
        killedAt.set(event.type, (killedAt.get(event.type) ?? 0) + 1);
        factory = await ServerProcess.start(dataDir, environment);
        ({ seq } = await factory.state(id));
      }
      await expectWhole(factory, id, vendor.requests);
    }
    return killedAt;
  } finally {
    await factory.stop();
    await vendor.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function expectWhole(factory: ServerProcess, id: string, sent: readonly ModelServerRequest[]): Promise<void> {
  const state = await factory.until(id, ({ stage }) =>
    ['finished', 'delivered', 'waiting', 'failed'].includes(stage.name),
  );
  expect(state.stage).toMatchObject({ name: 'finished' });
  expect(requirementViews(state).map((view) => view.status)).toEqual(['proven']);
  const events = await factory.events(id);
  // Nothing is asked twice but what was under way when it was killed.
  const lost = events.filter((event) => event.type === 'model.failed' && event.data.code === 'interrupted').length;
  expect(sent.length - new Set(sent.map(({ body }) => body)).size).toBeLessThanOrEqual(lost);
  for (const request of sent) expectValidHistory(request);
  const working = sent.filter(({ body }) => !isPlan(body));
  for (const [at, request] of working.slice(1).entries()) {
    const before = working[at] ?? request;
    expect(before.body === request.body || isPrefix(before, request)).toBe(true);
  }
  // Each call began once, and left its line once or is told as interrupted.
  const started = events.flatMap((event) => (event.type === 'tool.started' ? [event.data.callId] : []));
  const repeatable = new Set(['read', 'list', 'search']);
  const calls = state.steps.flatMap((step) => step.calls);
  const once = calls.filter(({ tool }) => !repeatable.has(tool)).map(({ callId }) => callId);
  for (const callId of once) expect(started.filter((item) => item === callId).length).toBeLessThanOrEqual(1);
  const file = await factory.ask<{ text: string }>(
    `/api/runs/${id}/checkpoints/${state.head ?? ''}/file?path=steps.txt`,
  );
  const lines = file.text.trim().split('\n');
  expect(new Set(lines).size, 'no command ran twice').toBe(lines.length);
  const interrupted = calls.filter(({ tool, outcome }) => tool === 'shell' && outcome === 'interrupted').length;
  expect(lines.length + interrupted).toBeGreaterThanOrEqual(3);
}
