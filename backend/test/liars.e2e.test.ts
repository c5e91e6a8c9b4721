import { spawnSync } from 'node:child_process';
import { requirementViews, type RunState } from '@devfactory/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { Factory } from './factory.ts';
import { honestFiles, liars, nodeTest, pythonTest, script } from './liars.ts';
import { answers, prints } from './liars/pairs.ts';

const factory = await Factory.start();
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const noSandbox = sandbox?.outcome === 'ok' ? null : `no sandbox here, ${sandbox?.found ?? ''}`;
const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const reason = noSandbox ?? noPytest;
const skipped = reason === null ? '' : ` (skipped: ${reason})`;

afterAll(() => factory.end());

async function rested(agentOptions: object, destinations: readonly object[] = []): Promise<RunState> {
  const id = await factory.create({
    prompt: 'A shop that adds prices',
    agent: 'scripted',
    agentOptions,
    autonomy: 'auto',
    destinations,
  });
  const over = ['waiting', 'delivered', 'finished', 'failed', 'cancelled'];
  return factory.until(id, (state) => over.includes(state.stage.name), 200_000);
}

const statuses = (state: RunState): string[] => requirementViews(state).map(({ status }) => status);

describe.skipIf(reason !== null)(`an agent that lies${skipped}`, () => {
  test.concurrent.each(liars)(
    'proves nothing when it %s',
    async (_, options) => {
      const state = await rested(options, [{ kind: 'zip', name: 'lie.zip' }]);
      const found = { statuses: statuses(state), evidence: state.evidence.map(({ excerpt }) => excerpt) };
      expect(found).toMatchObject({ statuses: expect.not.arrayContaining(['proven']) as string[] });
      expect(state.stage).toMatchObject({ name: 'waiting', for: 'review' });
      expect([state.approval, state.exports]).toEqual([null, []]);
    },
    240_000,
  );

  test.concurrent('is told from the honest one, whose same checks are proven', async () => {
    const files = { ...honestFiles, 'price.mjs': 'export const total = (prices) => prices.reduce((a, b) => a + b);\n' };
    const state = await rested(script([prints, answers, pythonTest, nodeTest], { files }), [
      { kind: 'zip', name: 'shop.zip' },
    ]);
    expect(state.evidence.filter((item) => !item.onBase && item.verdict !== 'passed')).toEqual([]);
    expect(statuses(state)).toEqual(['proven']);
    expect(state.stage.name).toBe('delivered');
  }, 240_000);
});
