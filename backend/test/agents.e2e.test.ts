import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentInGallery } from '@devfactory/contracts';
import { DomainError, publicRegistries, type Agent, type AgentProgram } from '@devfactory/kit';
import { afterAll, expect, test } from 'vitest';
import { Factory, problem } from './factory.ts';

const agentWith = (id: string, program: AgentProgram): Agent => ({
  id,
  title: id,
  note: 'Only there to be fetched.',
  needsModel: false,
  program,
  accept: () => {},
  step: () => Promise.reject(new Error('it never works')),
});
const { program: _none, ...failing } = agentWith('failing', { package: '', version: '' });
const agents = [
  {
    ...failing,
    step: () => Promise.reject(new DomainError('worn_out', 'unavailable', { message: 'It is worn out.' })),
  },
  agentWith('small', { package: 'is-number', version: '7.0.0' }),
  agentWith('never', { package: 'is-number', version: '0.0.0-never' }),
  agentWith('cut', { package: 'is-odd', version: '3.0.1', setup: ['sleep', '600'] }),
];

const factory = await Factory.start({ agents });
afterAll(() => factory.end());

const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const isReached = await fetch(`https://${publicRegistries.npm}/`, {
  method: 'HEAD',
  signal: AbortSignal.timeout(5000),
}).then(
  () => true,
  () => false,
);
const reason =
  sandbox?.outcome === 'ok' ? (isReached ? '' : 'npm is out of reach') : `no sandbox here, ${sandbox?.found ?? ''}`;
const here = reason === '' ? '' : ` (skipped: ${reason})`;

const gallery = async (): Promise<AgentInGallery[]> =>
  (await factory.ask('/api/agents/gallery')).json as AgentInGallery[];
const programOf = async (id: string): Promise<AgentInGallery['program'] | undefined> =>
  (await gallery()).find((agent) => agent.id === id)?.program;
const fetchOf = (id: string) => factory.ask(`/api/agents/${id}/fetch`, { method: 'POST' });

test('the gallery tells which models each agent takes, what is fetched of it, and nobody without the token', async () => {
  const all = await gallery();
  const of = (id: string) => all.find((agent) => agent.id === id);
  expect(of('blueprint')).toMatchObject({ needsModel: false, available: true, wire: null, program: null });
  expect(of('builtin')).toMatchObject({ needsModel: true, wire: null, program: null });
  expect(of('claude-code')).toMatchObject({
    wire: 'messages',
    program: { package: '@agentclientprotocol/claude-agent-acp', state: 'absent', bytes: null, problem: '' },
  });
  expect(['opencode', 'gemini', 'qwen', 'codex', 'kilo'].map((id) => of(id)?.wire)).toEqual([
    'chat-completions',
    'generate-content',
    'chat-completions',
    'responses',
    'chat-completions',
  ]);
  expect((await factory.ask('/api/agents/gallery', { as: 'nobody' })).status).toBe(401);
  expect((await factory.ask('/api/agents/small/fetch', { as: 'nobody', method: 'POST' })).status).toBe(401);
});

test('an agent that is unknown, or has no program, cannot be fetched', async () => {
  expect(problem(await fetchOf('nobody'))).toMatchObject({ status: 404, code: 'unknown_agent' });
  expect(problem(await fetchOf('blueprint'))).toMatchObject({ status: 409, code: 'nothing_to_fetch' });
});

test.skipIf(here !== '')(
  `a program is fetched once, for however many ask, and found again after a restart${here}`,
  async () => {
    const begun = await Promise.all([fetchOf('small'), fetchOf('small')]);
    expect(begun.map(({ status }) => status)).toEqual([202, 202]);
    await expect.poll(async () => (await programOf('small'))?.state, { timeout: 120_000 }).toBe('ready');
    const fetched = await programOf('small');
    expect(fetched?.bytes).toBeGreaterThan(1000);
    await factory.restart({ agents });
    expect(await programOf('small')).toEqual(fetched);
  },
);

test.skipIf(here !== '')(
  `why one could not be fetched is told in npm's words until it is tried again${here}`,
  async () => {
    expect((await fetchOf('never')).status).toBe(202);
    await expect.poll(async () => (await programOf('never'))?.problem, { timeout: 120_000 }).toContain('0.0.0-never');
    expect((await programOf('never'))?.state).toBe('absent');
  },
);

test.skipIf(here !== '')(
  `fetching is ended by whoever began it, what came is taken away, and a fetched program is removed${here}`,
  async () => {
    const post = (id: string, what: string) => factory.ask(`/api/agents/${id}/${what}`, { method: 'POST' });
    expect((await fetchOf('cut')).status).toBe(202);
    await expect.poll(async () => (await programOf('cut'))?.bytes ?? 0, { timeout: 120_000 }).toBeGreaterThan(1000);
    expect(problem(await post('cut', 'remove-program')).code).toBe('program_fetching');
    expect((await post('cut', 'fetch/cancel')).status).toBe(200);
    expect(await programOf('cut')).toMatchObject({ state: 'absent', bytes: null, problem: '' });
    expect(await readdir(join(factory.dataDir, 'workspaces'))).not.toContainEqual(
      expect.stringMatching(/^agent-is-odd/),
    );
    expect(problem(await post('cut', 'fetch/cancel')).code).toBe('not_fetching');

    expect((await programOf('small'))?.state).toBe('ready');
    expect((await post('small', 'remove-program')).status).toBe(200);
    expect(await programOf('small')).toMatchObject({ state: 'absent', bytes: null });
    expect((await fetchOf('small')).status).toBe(202);
    await expect.poll(async () => (await programOf('small'))?.state, { timeout: 120_000 }).toBe('ready');
  },
);

test.skipIf(here !== '')(`what a restart cuts off while it is fetched does not count as fetched${here}`, async () => {
  expect((await fetchOf('cut')).status).toBe(202);
  await expect.poll(async () => (await programOf('cut'))?.bytes ?? 0, { timeout: 120_000 }).toBeGreaterThan(1000);
  expect((await programOf('cut'))?.state).toBe('fetching');
  await factory.restart({ agents });
  expect(await programOf('cut')).toMatchObject({ state: 'absent', bytes: null });
});

test('how the last run of an agent ended is told in its words', async () => {
  const lastOf = async () => (await gallery()).find(({ id }) => id === 'failing')?.lastRun;
  expect(await lastOf()).toBeNull();
  await factory.create({ prompt: 'The first', agent: 'failing' });
  const id = await factory.create({ prompt: 'The second', agent: 'failing' });
  await factory.until(id, ({ stage }) => stage.name === 'failed');
  await expect.poll(async () => (await lastOf())?.state, { timeout: 40_000 }).toBe('failed');
  expect(await lastOf()).toMatchObject({ sentence: expect.stringContaining('It is worn out.') as string });
});
