import { CreateRun, noUsage } from '@devfactory/contracts';
import type { ModelAnswer, ModelContent, ModelRequest, StepModel } from '@devfactory/kit';
import { AgentStage, answeredOk, describeAgent } from '@devfactory/kit/testing';
import { describe, expect, it } from 'vitest';
import { createBuiltinAgent } from './builtin-agent.ts';

const request = CreateRun.parse({
  prompt: 'A guest book',
  agent: 'builtin',
  model: 'x/scripted',
  requirements: [{ text: 'Guests can sign' }],
});

/** Answers in order, as the engine's model would hand them over; the last one again and again. */
class Answers implements StepModel {
  readonly ref = 'x/scripted';
  readonly contextTokens: number;
  readonly outputTokens = 1000;
  readonly requests: ModelRequest[] = [];
  readonly #answers: readonly (readonly ModelContent[] | 'overflow')[];
  tokens = 10;

  constructor(answers: readonly (readonly ModelContent[] | 'overflow')[], contextTokens = 100_000) {
    this.#answers = answers;
    this.contextTokens = contextTokens;
  }

  async ask(request: ModelRequest): Promise<ModelAnswer> {
    const answer = this.#answers[Math.min(this.requests.length, this.#answers.length - 1)] ?? [];
    this.requests.push(structuredClone(request));
    if (answer === 'overflow') return { status: 'overflow', reason: 'too long' };
    const usage = { ...noUsage, inputTokens: this.tokens };
    return { status: 'answered', content: answer, finish: 'stop', usage };
  }

  /** Messages of a request as text. */
  said(at: number): string {
    return JSON.stringify(this.requests.at(at)?.prompt);
  }
}

let calls = 0;
const call = (toolName: string, input: unknown): ModelContent => ({
  type: 'tool-call',
  toolCallId: `c${++calls}`,
  toolName,
  input: typeof input === 'string' ? input : JSON.stringify(input),
});
const finish = (): ModelContent => call('finish', { summary: 'done' });
const play = (model: Answers, wish: CreateRun = request): AgentStage => {
  const stage = new AgentStage(createBuiltinAgent(), wish, () => answeredOk);
  stage.model = model;
  return stage;
};

describeAgent('builtin', {
  create: createBuiltinAgent,
  request,
  model: () => new Answers([[call('list', {})], [finish()]]),
});

describe('the built-in agent', () => {
  it('sends what it sent before, with something behind it, for as long as a phase lasts', async () => {
    const model = new Answers([
      [call('list', {})],
      [{ type: 'text', text: 'Now.' }, call('read', { path: 'a' })],
      [finish()],
    ]);
    const stage = play(model);
    await stage.play({ purpose: 'work' });
    await stage.play({ purpose: 'repair', feedback: ['in blue, please'] });
    const prompts = model.requests.map(({ prompt }) =>
      JSON.stringify(prompt.map(({ providerOptions: _options, ...rest }) => rest)),
    );
    expect(prompts).toHaveLength(4);
    for (const [at, prompt] of prompts.slice(1).entries())
      expect(prompt.startsWith((prompts[at] ?? '').slice(0, -1))).toBe(true);
    expect(prompts[3]).toContain('in blue, please');
    expect(prompts[0]).toContain('R-1 (must) Guests can sign');
  });

  it('begins the work anew: what it looked at while planning is not sent again', async () => {
    const model = new Answers([[call('search', { text: 'needle' })], [finish()], [finish()]]);
    const stage = play(model);
    await stage.play({ purpose: 'plan' });
    await stage.play({ purpose: 'work' });
    expect(model.said(2)).not.toContain('needle');
    expect(model.requests[0]?.tools?.map((tool) => tool.name)).not.toContain('write');
    expect(model.requests[2]?.tools?.map((tool) => tool.name)).not.toContain('propose_requirements');
  });

  it('hands back what a vendor wants to see again', async () => {
    const sealed = { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'sealed' } };
    const model = new Answers([
      [{ type: 'reasoning', text: '', providerMetadata: sealed }, call('list', {})],
      [finish()],
    ]);
    await play(model).play({ purpose: 'work' });
    expect(model.said(1)).toContain('"reasoningEncryptedContent":"sealed"');
  });

  it('leaves older steps out before the model is full, and keeps task and requirements whole', async () => {
    const long = 'x'.repeat(6000);
    const model = new Answers([[call('write', { path: 'a', content: long })]], 10_000);
    model.tokens = 9000;
    const stage = play(model);
    await stage.play({ purpose: 'work', maxSteps: 3 });
    const said = model.said(-1);
    expect(said).toContain('A guest book');
    expect(said).toContain('Guests can sign');
    expect(said).toContain('Done so far');
    expect(said.length).toBeLessThan(12_000);
    const roles = model.requests.at(-1)?.prompt.map((message) => message.role) ?? [];
    const before = roles.flatMap((role, at) => (role === 'tool' ? [roles[at - 1]] : []));
    expect(before.every((role) => role === 'assistant')).toBe(true);
  });

  it('keeps steps of a plan out of the work, also when it leaves older steps out', async () => {
    const work = call('write', { path: 'a', content: 'short' });
    const model = new Answers(
      [[work], [finish()], [call('search', { text: 'needle' })], [finish()], [work], [work], [work], [finish()]],
      10_000,
    );
    const stage = play(model);
    await stage.play({ purpose: 'work' });
    await stage.play({ purpose: 'plan' });
    await stage.play({ purpose: 'work', maxSteps: 1 });
    model.tokens = 9000;
    await stage.play({ purpose: 'work', maxSteps: 3 });
    for (const at of [4, 5, 6, 7]) expect(model.said(at)).not.toContain('needle');
    expect(model.said(7)).toContain('Done so far');
  });

  it('shortens a request that the model refuses as too long, and says when nothing helps', async () => {
    const model = new Answers([[call('list', {})], 'overflow', [finish()]]);
    await play(model).play({ purpose: 'work' });
    expect(model.requests).toHaveLength(3);
    await expect(play(new Answers(['overflow'])).play({ purpose: 'work' })).rejects.toMatchObject({
      code: 'model_context_too_small',
    });
  });

  it('does not make a call of arguments that are no JSON, and says why', async () => {
    const model = new Answers([[call('write', '{"path": "a", "content": "b')], [finish()]]);
    const stage = play(model);
    const turn = await stage.play({ purpose: 'work' });
    expect(turn.calls[0]?.input).toContain('no valid JSON');
    expect(model.said(1)).toContain('no valid JSON');
  });

  it('tells a model that talks instead of working once, and one that says nothing three times', async () => {
    const talking = new Answers([[{ type: 'text', text: 'I am done.' }]]);
    const turn = await play(talking).play({ purpose: 'work' });
    expect([turn.finished, talking.requests.length]).toEqual([true, 2]);
    expect(talking.said(1)).toContain('You stopped without calling finish');
    await expect(play(new Answers([[]])).play({ purpose: 'work' })).rejects.toMatchObject({ code: 'model_silent' });
  });

  it('tells a model that looks around for six steps without a change', async () => {
    let n = 0;
    const model = new Answers(Array.from({ length: 8 }, () => [call('read', { path: `f${++n}` })]));
    await play(model).play({ purpose: 'work', maxSteps: 8 });
    expect(model.said(5)).not.toContain('No file changed');
    expect(model.said(6)).toContain('No file changed in 6 steps');
  });

  it('asks the person when the model makes the same call five times, without asking the model again', async () => {
    const model = new Answers([[call('shell', { command: 'false' })]]);
    const turn = await play(model).play({ purpose: 'work', maxSteps: 6 });
    expect(turn.calls.at(-1)?.tool).toBe('ask');
    expect(model.requests).toHaveLength(5);
  });

  it('tells the model before it asks a person, when that person has just said something', async () => {
    const model = new Answers([[call('shell', { command: 'false' })]]);
    let calls = 0;
    const stage: AgentStage = new AgentStage(createBuiltinAgent(), request, () => {
      calls += 1;
      if (calls === 5) stage.steer('Take bash, please');
      return answeredOk;
    });
    stage.model = model;
    const turn = await stage.play({ purpose: 'work', maxSteps: 7 });
    expect(model.requests).toHaveLength(6);
    expect(model.said(5)).toContain('A person says: Take bash, please');
    expect(turn.calls.at(-1)?.tool).toBe('ask');
  });

  it('tells the model after its own question what changed before that was asked', async () => {
    const looping = call('shell', { command: 'false' });
    const model = new Answers([[looping], [looping], [looping], [looping], [looping], [finish()]]);
    let calls = 0;
    const stage: AgentStage = new AgentStage(createBuiltinAgent(), request, () => {
      calls += 1;
      if (calls === 5)
        stage.record({
          type: 'requirement.reworded',
          actor: { kind: 'person', name: 'Ada' },
          data: { id: 'R-1', version: 2, text: 'Guests can sign in ink', priority: 'must' },
        });
      return answeredOk;
    });
    stage.model = model;
    const turn = await stage.play({ purpose: 'work', maxSteps: 8 });
    expect(turn.calls.map(({ tool }) => tool)).toEqual([...Array(5).fill('shell'), 'ask', 'finish']);
    // The question stands in the history as any other call does, with its answer behind it.
    expect(model.requests[5]?.prompt.slice(-3)).toMatchObject([
      { role: 'assistant', content: [{ toolName: 'ask' }] },
      { role: 'tool', content: [{ toolName: 'ask' }] },
      { role: 'user', content: [{ text: expect.stringContaining('Guests can sign in ink') as string }] },
    ]);
  });
});
