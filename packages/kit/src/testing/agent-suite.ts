import { toolInputs, Usage, type CreateRun, type ToolCall, type ToolName } from '@devfactory/contracts';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../agent.ts';
import { DomainError } from '../error.ts';
import type { StepModel } from '../model.ts';
import { AgentStage, answeredOk } from './agent-stage.ts';

export interface AgentSuite {
  readonly create: () => Agent;
  /** A request that the agent takes, and that makes it plan and then work. */
  readonly request: CreateRun;
  /** Requests that `accept` must refuse. */
  readonly refused?: readonly { readonly why: string; readonly request: CreateRun }[];
  /** The model for agents that need one, made anew for each stage. */
  readonly model?: () => StepModel;
  /** Steps within which a turn on `request` must end. */
  readonly maxSteps?: number;
}

/** What every agent promises, whatever it is made of. A plugin's test calls it; it is done when this passes. */
export function describeAgent(name: string, suite: AgentSuite): void {
  const stage = (): AgentStage => {
    const made = new AgentStage(suite.create(), suite.request, () => answeredOk);
    made.model = suite.model?.() ?? null;
    return made;
  };
  const maxSteps = suite.maxSteps ?? 50;

  describe(`agent ${name} keeps the port's contract`, () => {
    it('names itself and says what it is', () => {
      const agent = suite.create();
      expect(agent.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(agent.title.trim()).not.toBe('');
      expect(agent.note.trim().length).toBeGreaterThan(20);
    });

    it('accepts a request that it can take', () => {
      expect(() => suite.create().accept(suite.request)).not.toThrow();
    });

    for (const { why, request } of suite.refused ?? []) {
      it(`refuses ${why} with a DomainError before a run exists`, () => {
        expect(() => suite.create().accept(request)).toThrow(DomainError);
      });
    }

    it('makes only calls that tools understand, each with an id of its own', async () => {
      const play = stage();
      const plan = await play.play({ purpose: 'plan', maxSteps });
      const work = await play.play({ purpose: 'work', maxSteps });
      const calls = [...plan.calls, ...work.calls];
      for (const call of calls) expectWellFormed(call);
      expect(new Set(calls.map((call) => call.id)).size).toBe(calls.length);
    });

    it('ends its turns', async () => {
      const play = stage();
      expect((await play.play({ purpose: 'plan', maxSteps })).finished).toBe(true);
      expect((await play.play({ purpose: 'work', maxSteps })).finished).toBe(true);
      expect((await play.play({ purpose: 'repair', maxSteps })).finished).toBe(true);
    });

    it('changes nothing it is given', async () => {
      const play = stage();
      deepFreeze(play.request);
      deepFreeze(play.state);
      const step = await suite.create().step(planInput(play), new AbortController().signal);
      expect(Usage.safeParse(step.usage).success).toBe(true);
    });

    it('returns soon when it is aborted', async () => {
      const step = suite.create().step(planInput(stage()), AbortSignal.abort());
      await Promise.race([step.catch(() => undefined), deadline(2000)]);
    });
  });
}

function planInput(play: AgentStage): Parameters<Agent['step']>[0] {
  return {
    state: play.state,
    request: play.request,
    purpose: 'plan',
    turn: 1,
    history: [],
    feedback: [],
    model: play.model,
  };
}

function expectWellFormed(call: ToolCall): void {
  const schema = toolInputs[call.tool as ToolName];
  expect(schema, `tool ${call.tool}`).toBeDefined();
  expect(schema.safeParse(call.input).error?.message, `input of ${call.tool}`).toBeUndefined();
}

async function deadline(ms: number): Promise<never> {
  await new Promise((resolve) => void setTimeout(resolve, ms).unref());
  throw new Error(`not returned within ${ms} ms of the abort`);
}

function deepFreeze(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
