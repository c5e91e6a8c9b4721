import { readFileSync } from 'node:fs';
import { CreateRun } from '@devfactory/contracts';
import { AgentStage, answeredOk, describeAgent } from '@devfactory/kit/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Script } from './script.ts';
import { createScriptedAgent } from './scripted-agent.ts';

const docs = new URL('../../../../docs/', import.meta.url);
const readDoc = (path: string): string => readFileSync(new URL(path, docs), 'utf8');
const readJson = (path: string): unknown => JSON.parse(readDoc(path));
const requestOf = (agentOptions?: unknown): CreateRun =>
  CreateRun.parse({ prompt: 'A guest book', agent: 'scripted', agentOptions });
const refusal = (agentOptions?: unknown): string => {
  try {
    createScriptedAgent().accept(requestOf(agentOptions));
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const finish = { tool: 'finish', input: { summary: 'enough' } };
const write = (path: string): object => ({ tool: 'write', input: { path, content: 'x' } });

describeAgent('scripted', {
  create: createScriptedAgent,
  request: requestOf(readJson('examples/guestbook.json')),
  refused: [
    { why: 'a request without a script', request: requestOf() },
    { why: 'a script of another shape', request: requestOf({ plan: 'everything' }) },
  ],
});

describe('the scripted agent', () => {
  it('replays its steps in order and ends the turn at finish', async () => {
    const stage = new AgentStage(
      createScriptedAgent(),
      requestOf({
        plan: [],
        work: [{ calls: [write('a')] }, { text: 'All done', calls: [write('b'), finish] }, { calls: [write('c')] }],
      }),
      () => answeredOk,
    );
    const turn = await stage.play({ purpose: 'work' });
    expect(turn.calls.map((call) => call.tool)).toEqual(['write', 'write', 'finish']);
    expect(turn.steps.at(-1)?.text).toBe('All done');
  });

  it('goes on behind the last step in the next turn of the same purpose', async () => {
    const script = {
      plan: [],
      work: [{ calls: [finish] }, { text: 'second turn' }],
      repair: [{ text: 'first repair' }, { text: 'second repair' }],
    };
    const stage = new AgentStage(createScriptedAgent(), requestOf(script), () => answeredOk);
    await stage.play({ purpose: 'work' });
    expect((await stage.play({ purpose: 'repair' })).text).toBe('first repair');
    expect((await stage.play({ purpose: 'work' })).text).toBe('second turn');
    expect((await stage.play({ purpose: 'repair' })).text).toBe('second repair');
  });

  it('says so and finishes when the script runs out', async () => {
    const stage = new AgentStage(createScriptedAgent(), requestOf({ plan: [], work: [] }), () => answeredOk);
    const turn = await stage.play({ purpose: 'work' });
    expect(turn.finished).toBe(true);
    expect(turn.text).toContain('no more steps for a work turn');
  });

  it('passes usage on', async () => {
    const request = requestOf({ plan: [{ usage: { inputTokens: 7 } }], work: [] });
    const stage = new AgentStage(createScriptedAgent(), request, () => answeredOk);
    const output = await stage.agent.step(
      { state: stage.state, request, purpose: 'plan', turn: 1, history: [], feedback: [], model: null },
      new AbortController().signal,
    );
    expect(output.usage).toEqual({ inputTokens: 7, cachedTokens: 0, outputTokens: 0, costUsd: 0 });
  });
});

describe('a script that does not fit', () => {
  it('is refused where it is missing, with what to do', () => {
    expect(refusal()).toContain('--script FILE');
  });

  it('names the place of an unknown tool and the tools there are', () => {
    const message = refusal({ plan: [], work: [{ calls: [write('a'), { tool: 'rite', input: {} }] }] });
    expect(message).toContain('script.work[0].calls[1].tool');
    expect(message).toContain('unknown tool; the tools are read, write');
  });

  it('names the place of a wrong input', () => {
    expect(refusal({ plan: [], work: [{ calls: [{ tool: 'write', input: { path: 'a' } }] }] })).toContain(
      'script.work[0].calls[0].input.content',
    );
    expect(refusal({ plan: [], work: [{ calls: [{ tool: 'read', input: { path: 'a', lines: 3 } }] }] })).toContain(
      'script.work[0].calls[0].input',
    );
  });

  it('names unknown fields of a step and of the script', () => {
    expect(refusal({ plan: [{ says: 'x' }], work: [] })).toContain('script.plan[0]');
    expect(refusal({ plan: [], work: [], extra: [] })).toContain('extra');
  });
});

describe('the documentation', () => {
  // After a change: print it with z.toJSONSchema(Script, { io: 'input' }) and format the file.
  it('has the schema that the code has', () => {
    const schema: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(Script, { io: 'input' })));
    expect(readJson('guides/script-format.schema.json')).toEqual(schema);
  });

  it.each(['guestbook', 'false-claims'])('has an example %s that is accepted', (name) => {
    expect(refusal(readJson(`examples/${name}.json`))).toBe('');
  });

  it('has a worked example that is accepted', () => {
    const example = /```json\n(.*?)```/s.exec(readDoc('guides/script-format.md'))?.[1] ?? '';
    expect(refusal(JSON.parse(example))).toBe('');
  });
});
