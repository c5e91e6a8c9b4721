import { requirementViews, type RunState } from '@devfactory/contracts';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { BuiltinStage, isPrefix, model, workTurns } from './builtin-stage.ts';

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
