import { spawnSync } from 'node:child_process';
import type { AgentInGallery, AgentTrial } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem, type Factory } from '../factory.ts';
import { key, ownAgent as own, OwnAgentStage, why } from './own-agent-stage.ts';

describe.skipIf(why !== null)(`an agent of a person's own${why ? ` (skipped: ${why})` : ''}`, () => {
  let stage: OwnAgentStage;
  let factory: Factory;
  beforeAll(async () => {
    stage = await OwnAgentStage.start();
    ({ factory } = stage);
  });
  afterAll(() => stage?.end());

  const save = (agent: object) => factory.ask('/api/agents', { json: agent });
  const forget = (id: string) => factory.ask(`/api/agents/${id}/forget`, { method: 'POST' });
  const inGallery = async (id: string): Promise<AgentInGallery | undefined> =>
    ((await factory.ask('/api/agents/gallery')).json as AgentInGallery[]).find((agent) => agent.id === id);
  const tried = async (id: string): Promise<AgentTrial> =>
    (await factory.ask(`/api/agents/${id}/try`, { method: 'POST' })).json as AgentTrial;

  test('is added while the factory runs, works with the key outside of its sandbox, and is proven like any other', async () => {
    expect(await save(own('mine'))).toMatchObject({ status: 200 });
    expect(await inGallery('mine')).toMatchObject({
      title: 'MINE',
      note: expect.stringContaining('An agent of your own.') as string,
      wire: 'chat-completions',
      program: null,
      own: { id: 'mine', mode: null },
    });
    const state = await stage.ran('mine');
    expect(state.stage).toEqual({ name: 'delivered' });
    expect(state.usage).toMatchObject({ inputTokens: 1000, outputTokens: 100 });
    expect(JSON.stringify(await factory.log(state.id))).not.toContain(key);
  });

  test('is still there after a restart, and can be changed and taken away, but not while a run that has not ended works with it', async () => {
    await save(own('kept'));
    await factory.restart({ environment: stage.environment });
    expect((await inGallery('kept'))?.title).toBe('KEPT');
    const id = await stage.begun('kept', 'honest', { autonomy: 'approve-plan' });
    await factory.until(id, ({ stage }) => stage.name === 'waiting', 60_000);
    expect(problem(await forget('kept'))).toMatchObject({
      status: 409,
      code: 'agent_in_use',
      detail: expect.stringContaining(id) as string,
    });
    await save({ ...own('kept'), title: 'Renamed' });
    expect((await inGallery('kept'))?.title).toBe('Renamed');
    await factory.command(id, { do: 'cancel' });
    await factory.until(id, ({ stage }) => stage.name === 'cancelled');
    expect((await forget('kept')).status).toBe(200);
    expect(await inGallery('kept')).toBeUndefined();
    expect(problem(await forget('kept')).code).toBe('unknown_agent');
    expect(problem(await factory.ask('/api/runs', { json: { prompt: 'x', agent: 'kept' } })).code).toBe(
      'unknown_agent',
    );
  });

  test('of the factory stays as it is', async () => {
    expect(problem(await save(own('opencode'))).code).toBe('agent_id_taken');
    expect(problem(await forget('opencode')).code).toBe('agent_built_in');
  });

  test.for([
    ['a tag in the place of a version', { package: { name: 'some-agent', version: 'latest' } }],
    ['a package with a path', { package: { name: '../evil', version: '1.0.0' } }],
    ['a command beside its package', { package: { name: 'a', version: '1.0.0' }, command: ['../../bin/sh'] }],
    ['no command', { command: [] }],
    ['a wire format that is none', { wire: 'telepathy' }],
    ['a place that nobody fills in', { env: { MODEL_URL: '{key}' } }],
    ['a variable of the sandbox', { env: { LD_PRELOAD: '/x.so' } }],
    ['a file outside of its home', { files: [{ path: '../../etc/passwd', text: '' }] }],
    ['an id that is none', { id: 'My Agent' }],
    ['a field that is none', { docker: true }],
  ] as const)('is refused with %s', async ([, fault]) => {
    const answer = problem(await save({ ...own('faulty'), ...fault }));
    expect(answer).toMatchObject({ status: 422 });
    expect(await inGallery('faulty')).toBeUndefined();
  });

  test.for([
    ['in a variable', { env: { OPENAI_API_KEY: 'sk-proj-Zx81Qk2mVt5Lw9Rb3Nc7Yd4Hf6Js0Pg2Ta' } }],
    ['in a variable that has its name', { env: { MY_API_KEY: 'a-house-key-of-ours' } }],
    [
      'in a file',
      { files: [{ path: 'a.json', text: `{"key": "${'ghp_'.concat('aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6')}"}` }] },
    ],
    ['in an argument', { command: ['agent', '--key', 'AKIA2QWERTYUIOPASDFG'] }],
  ] as const)('is refused with a key %s: everything in its sandbox could read it', async ([, fault]) => {
    expect(problem(await save({ ...own('leaky'), ...fault }))).toMatchObject({ status: 422, code: 'secret_found' });
    expect(await inGallery('leaky')).toBeUndefined();
  });

  test('is tried out: started in a sandbox and greeted, and the sandbox is gone after it', async () => {
    await save(own('fine', '--load'));
    expect(await tried('fine')).toMatchObject({
      ok: true,
      sentence: 'Test agent 0.1 speaks version 1 of the Agent Client Protocol and began a session.',
      protocol: 1,
      offers: ['takes a session up again'],
      modes: ['ask'],
    });
    await save(own('future', '--protocol=2'));
    expect(await tried('future')).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('version 2') as string,
    });
    await save({ ...own('missing'), command: ['no-such-program'] });
    expect(await tried('missing')).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('no-such-program') as string,
    });
    await save({ ...own('chatty'), command: ['sh', '-c', 'echo hello; cat'] });
    expect((await tried('chatty')).ok).toBe(false);
    expect(problem(await factory.ask('/api/agents/builtin/try', { method: 'POST' })).code).toBe('nothing_to_try');
    expect(spawnSync('pgrep', ['-f', 'agent[.]mjs --load']).status).toBe(1);
  });
});
