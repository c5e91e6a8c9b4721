import type { RunState } from '@devfactory/contracts';
import { requirementViews } from '@devfactory/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toldInIde } from '../src/ide/told-in-ide.ts';
import { Factory, planOnly, problem } from './factory.ts';

let factory: Factory;
beforeAll(async () => {
  factory = await Factory.start();
}, 60_000);
afterAll(() => factory.end());

const check = { title: 'says goodbye too', spec: { kind: 'file', path: 'hello.txt', includes: ['goodbye'] } };
const hold = (id: string, requirementId = 'R-1') => factory.command(id, { do: 'hold-out-check', requirementId, check });
const inReview = ({ stage }: RunState): boolean => stage.name === 'waiting' && stage.for === 'review';
const standings = (state: RunState): unknown[] =>
  requirementViews(state).map(({ status, heldOut, checks }) => [status, heldOut, checks.map(({ id }) => id)]);

test('a held-out check counts at once, survives a restart, goes along with a fork, and is in no file', async () => {
  const requirements = [{ text: 'There is a hello.txt that says hello' }];
  const id = await factory.create({ prompt: 'a file', agent: 'scripted', agentOptions: planOnly, requirements });
  expect(problem(await hold(id, 'R-7')).code).toBe('unknown_requirement');
  expect(problem(await factory.command(id, { do: 'hold-out-check', requirementId: 'R-1', check: {} })).status).toBe(
    422,
  );
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'plan-approval');
  expect((await hold(id)).status).toBe(202);
  await factory.restart();
  expect((await factory.command(id, { do: 'approve-plan', version: 1 })).status).toBe(202);
  const state = await factory.until(id, inReview);
  expect(standings(state)).toContainEqual(['failing', true, ['H-1']]);
  // VS Code shares the agent's sandbox: what it is told there says neither that there is such a check nor how it stands.
  const told = toldInIde(state, `${factory.server.url}/runs/${id}`);
  expect(JSON.stringify(told)).not.toMatch(/H-1|goodbye/);
  expect(told.requirements[0]?.status).not.toBe('failing');
  const spec = (await factory.ask(`/api/runs/${id}/checks/H-1`)).json;
  expect(spec).toMatchObject({ check: { id: 'H-1' }, spec: check.spec });

  const at = state.head ?? '';
  const listing = await factory.ask(`/api/runs/${id}/checkpoints/${at}/files`);
  expect(listing.text).not.toContain('goodbye');
  const forked = await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId: at } });
  const { id: fork } = forked.json as { id: string };
  expect((await factory.state(fork)).heldOut).toMatchObject([
    { check: { id: 'H-1', requirementId: 'R-1', intent: 'change', title: check.title }, model: null },
  ]);
  const other = { checkpointId: at, requirements: [{ text: 'Something else' }] };
  const { id: elsewhere } = (await factory.ask(`/api/runs/${id}/forks`, { json: other })).json as { id: string };
  expect((await factory.state(elsewhere)).heldOut).toEqual([]);

  expect((await factory.command(id, { do: 'drop-held-out-check', id: 'H-1' })).status).toBe(202);
  expect((await factory.state(id)).heldOut).toEqual([]);
});
