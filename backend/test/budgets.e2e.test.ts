import type { RunState } from '@devfactory/contracts';
import type { ModelTurn } from '@devfactory/kit/testing';
import { afterAll, expect, test } from 'vitest';
import { BuiltinStage, call, model } from './builtin-stage.ts';
import { eventually } from './factory.ts';

// An answer is held back here for as long as another run takes to fail.
const patience = { attempts: 1, backoffMs: 5, longestBackoffMs: 5, longestRetryAfterMs: 5, answerBytes: 1_000_000 };
const patient = { ...patience, firstPartMs: 60_000, nextPartMs: 60_000, wholeAnswerMs: 90_000 };
const stage = await BuiltinStage.start('sk-scripted', { model: patient });
const { factory, server } = stage;
afterAll(() => stage.end());

// 110 tokens a call: eleven cents. What is set aside for one is far more than any budget here.
const figures = { contextTokens: 100_000, outputTokens: 1000, inputUsd: 1000, cachedUsd: null, outputUsd: 1000 };
const callUsd = 0.11;
const failed = ({ stage: at }: RunState): boolean => at.name === 'failed';
const spent = async (...ids: readonly string[]): Promise<number> => {
  const states = await Promise.all(ids.map((id) => factory.state(id)));
  return states.reduce((sum, { usage }) => sum + usage.costUsd, 0);
};
const begin = (): Promise<string> => factory.create({ prompt: 'A program that greets', autonomy: 'auto', model });

test('two runs at once take one call beyond the budget of a day and of a person at most, for what is under way counts', async () => {
  await factory.ask('/api/models/figures', { json: { model, figures } });
  await factory.ask('/api/models/budgets', { json: { dayUsd: 0.3, personDayUsd: null } });
  const held = Promise.withResolvers<void>();
  server.script = async (request): Promise<ModelTurn> => {
    await held.promise;
    // Never an end: it plans by looking.
    return { calls: [call('list', { path: `part-${request.n}` })] };
  };
  const first = await begin();
  await eventually(async () => expect(server.requests).toHaveLength(1), 40_000);
  // Nothing is spent yet, but all of it is set aside.
  const second = await begin();
  expect((await factory.until(second, failed, 60_000)).stage).toMatchObject({ code: 'budget_spent' });
  expect(server.requests).toHaveLength(1);
  held.resolve();
  expect((await factory.until(first, failed, 60_000)).stage).toMatchObject({ code: 'budget_spent' });
  expect(await spent(first, second)).toBeLessThanOrEqual(0.3 + callUsd);
  expect(server.requests).toHaveLength(3);

  // The same for a person, with both on their way at one moment.
  await factory.ask('/api/models/budgets', { json: { dayUsd: null, personDayUsd: 0.6 } });
  await Promise.all([first, second].map((id) => factory.command(id, { do: 'resume' })));
  await eventually(async () => {
    const states = await Promise.all([first, second].map((id) => factory.state(id)));
    expect(states.every(failed)).toBe(true);
    expect(server.requests.length).toBeGreaterThan(3);
  }, 60_000);
  const all = await spent(first, second);
  expect(all).toBeLessThanOrEqual(0.6 + callUsd);
  expect(server.requests.length).toBe(Math.round(all / callUsd));
}, 300_000);
