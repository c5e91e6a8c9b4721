import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAcpAgent } from '@devfactory/agent-acp';
import type { RunState } from '@devfactory/contracts';
import { ModelServer } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Factory } from '../factory.ts';
import { zip } from '../zip.ts';

const why = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const key = 'sk-canary-0123456789';

/** Any command that speaks the protocol: here one that lies in the project itself. */
const agent = createAcpAgent(
  {
    id: 'own',
    title: 'Own',
    note: 'A test agent.',
    program: null,
    wire: 'chat-completions',
    command: ['node', '/workspace/agent.mjs'],
    settings: ({ url, token }) => ({ env: { MODEL_URL: url, MODEL_TOKEN: token }, files: { 'settings.txt': 'x' } }),
  },
  { silenceMs: 2000 },
);

describe.skipIf(why !== null)(`an outside agent${why ? ` (skipped: ${why})` : ''}`, () => {
  let vendor: ModelServer;
  let factory: Factory;
  beforeAll(async () => {
    vendor = await ModelServer.start(() => ({ text: 'Write a file.', usage: { input: 1000, cached: 0, output: 100 } }));
    vendor.key = key;
    factory = await Factory.start({
      agents: [agent],
      environment: {
        OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
        OPENAI_COMPATIBLE_API_KEY: key,
        DEVFACTORY_MODEL: 'openai-compatible/scripted',
      },
    });
  });
  afterAll(async () => {
    await factory?.end();
    await vendor?.close();
  });

  async function ran(mode: string, more: object = {}): Promise<RunState> {
    const data = readFileSync(join(import.meta.dirname, 'agent-program.mjs'));
    const headers = { 'content-type': 'application/zip' };
    const sent = await factory.ask('/api/uploads', { body: zip([{ name: 'agent.mjs', data }]), headers });
    const { uploadId } = sent.json as { uploadId: string };
    const id = await factory.create({
      prompt: `Say hi, mode:${mode}`,
      agent: 'own',
      autonomy: 'auto',
      source: { kind: 'upload', uploadId },
      destinations: [{ kind: 'zip' }],
      ...more,
    });
    return settled(id);
  }
  const settled = (id: string): Promise<RunState> =>
    factory.until(id, ({ stage }) => ['delivered', 'failed', 'waiting'].includes(stage.name), 90_000);
  const callsOf = ({ steps }: RunState): string[] =>
    steps.flatMap((step) => step.calls.map((call) => `${step.step} ${call.tool} ${call.title} ${call.outcome}`));

  test('plans, asks its model through the one door, is heard step by step with a checkpoint each, and its work is proven', async () => {
    const state = await ran('honest');
    expect(callsOf(state)).toEqual([
      '1 own_tool edit Write planned.txt error',
      '1 propose_requirements 1 requirement ok',
      '2 finish  ok',
      '3 own_tool edit Write hello.mjs ok',
      '4 own_tool edit Write notes.md ok',
      '4 finish  ok',
    ]);
    expect(state.stage).toEqual({ name: 'delivered' });
    expect(state.steps.map((step) => step.checkpointId)).toEqual([null, null, 'ck-1', 'ck-2']);
    expect(state.usage).toMatchObject({ inputTokens: 1000, outputTokens: 100 });
    expect(JSON.stringify(await factory.log(state.id))).not.toContain(key);
  });

  test('cannot say that it is done: what it claims proves nothing', async () => {
    const state = await ran('liar');
    expect(state.stage).toMatchObject({ name: 'waiting', for: 'review' });
    expect(state.evidence.filter((item) => item.verdict === 'passed')).toEqual([]);
  });

  test('that answers beside the question is asked for its plan again', async () => {
    const state = await ran('chatty');
    expect(state.stage).toEqual({ name: 'delivered' });
  });

  test('that dies is started again, and one that floods or leaves a daemon behind harms nobody', async () => {
    const died = await ran('dies');
    expect(died.stage).toEqual({ name: 'delivered' });
    expect((await ran('flood')).stage).toEqual({ name: 'delivered' });
    expect((await ran('daemon')).stage).toEqual({ name: 'delivered' });
    expect(spawnSync('pgrep', ['-f', '^sleep 471[2]']).status).toBe(1);
  });

  test('that says nothing any more is ended, and the run says why', async () => {
    const state = await ran('silent');
    expect(state.stage).toMatchObject({ name: 'failed', code: 'agent_silent' });
  });

  test('asks a person before it acts where they want that, and does what they allow', async () => {
    let state = await ran('honest', { agentOptions: { permissions: 'ask' } });
    const asked: string[] = [];
    for (let round = 0; round < 4 && state.stage.name === 'waiting' && state.stage.for === 'answer'; round += 1) {
      const open = state.questions.find((item) => item.answer === null);
      asked.push(open?.question ?? '');
      const answer = { do: 'answer', questionId: open?.id, answer: 'Allow once' };
      await factory.command(state.id, answer);
      await factory.until(state.id, ({ questions }) => questions.every((item) => item.answer !== null));
      state = await settled(state.id);
    }
    expect(asked).toEqual(['Own asks: may it edit: Write hello.mjs', 'Own asks: may it edit: Write notes.md']);
    expect(state.stage).toEqual({ name: 'delivered' });
  });
});
