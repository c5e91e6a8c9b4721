import { spawnSync } from 'node:child_process';
import { requirementViews, type RunState } from '@devfactory/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { Factory } from './factory.ts';
import { honestKeeper, honestTwins, liars } from './liars.ts';

const factory = await Factory.start();
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const noSandbox = sandbox?.outcome === 'ok' ? null : `no sandbox here, ${sandbox?.found ?? ''}`;
const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const reason = noSandbox ?? noPytest;
const skipped = reason === null ? '' : ` (skipped: ${reason})`;

afterAll(() => factory.end());

async function rested(agentOptions: object, more: object): Promise<RunState> {
  const id = await factory.create({
    prompt: 'A shop that adds prices',
    agent: 'scripted',
    agentOptions,
    autonomy: 'auto',
    ...more,
  });
  const over = ['waiting', 'delivered', 'finished', 'failed', 'cancelled'];
  return factory.until(id, (state) => over.includes(state.stage.name), 600_000);
}

const statuses = (state: RunState): string[] => requirementViews(state).map(({ status }) => status);
/** What is not proven, with what was seen of it. */
const unproven = (state: RunState): unknown[] =>
  requirementViews(state)
    .filter(({ status }) => status !== 'proven')
    .map(({ id, status, checks }) => [id, status, checks.map(({ latest }) => latest?.excerpt)]);

describe.skipIf(reason !== null)(`an agent that lies${skipped}`, () => {
  test.concurrent.each(liars)(
    'proves nothing when it %s',
    async (_, options) => {
      const state = await rested(options, { destinations: [{ kind: 'zip', name: 'lie.zip' }] });
      const found = { statuses: statuses(state), evidence: state.evidence.map(({ excerpt }) => excerpt) };
      expect(found).toMatchObject({ statuses: expect.not.arrayContaining(['proven']) as string[] });
      expect(state.stage).toMatchObject({ name: 'waiting', for: 'review' });
      expect([state.approval, state.exports]).toEqual([null, []]);
    },
    900_000,
  );

  test.concurrent.each(honestTwins)(
    'is told from the honest one, which %s, and is proven and delivered',
    async (name, { script }) => {
      const state = await rested(script, { destinations: [{ kind: 'zip', name: 'shop.zip' }] });
      expect(unproven(state)).toEqual([]);
      expect(state.stage.name).toBe('delivered');
      if (name !== honestTwins[0]?.[0]) return;
      const source = { kind: 'checkpoint', runId: state.id, checkpointId: state.head };
      const kept = await rested(honestKeeper, { destinations: [{ kind: 'zip', name: 'kept.zip' }], source });
      expect(unproven(kept)).toEqual([]);
      expect(kept.stage.name).toBe('delivered');
    },
    1_500_000,
  );
  test('has an honest twin for each of its lies', () => {
    const twins = [...honestTwins.flatMap(([, { of }]) => of), 'keeps what was never there'];
    expect(twins.toSorted()).toEqual(liars.map(([name]) => name).toSorted());
  });
});
