import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionTest, ProviderCard, RunState } from '@devfactory/contracts';
import { ModelServer } from '@devfactory/kit/testing';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { call, planCalls } from './builtin-stage.ts';
import { Factory } from './factory.ts';
import { holding } from './holding.ts';

const server = await ModelServer.start();
const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-model-keys-'));

/** Each provider with the variables that set it up, and where its requests then go. */
const providers = [
  ['openai', { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: `${server.url}/v1` }, '/v1/responses'],
  ['azure', { AZURE_OPENAI_API_KEY: 'key', AZURE_OPENAI_ENDPOINT: server.url }, '/openai/v1/responses'],
  [
    'azure',
    {
      AZURE_OPENAI_API_KEY: 'key',
      AZURE_OPENAI_ENDPOINT: server.url,
      AZURE_OPENAI_API_VERSION: '2025-04-01-preview',
    },
    '/openai/deployments/scripted/chat/completions?api-version=2025-04-01-preview',
  ],
  [
    'openai-compatible',
    { OPENAI_COMPATIBLE_API_KEY: 'key', OPENAI_COMPATIBLE_BASE_URL: `${server.url}/v1` },
    '/v1/chat/completions',
  ],
  ['anthropic', { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: `${server.url}/v1` }, '/v1/messages'],
  [
    'google',
    { GOOGLE_GENERATIVE_AI_API_KEY: 'key', GOOGLE_BASE_URL: `${server.url}/v1beta` },
    '/v1beta/models/scripted:streamGenerateContent?alt=sse',
  ],
] as const;

const patience = { attempts: 2, backoffMs: 5, longestBackoffMs: 5, longestRetryAfterMs: 5, answerBytes: 1_000_000 };
const limits = { model: { ...patience, firstPartMs: 5_000, nextPartMs: 5_000, wholeAnswerMs: 10_000 } };
const factory = await Factory.start({ dataDir, environment: {}, limits });
const doctor = (await factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;

afterAll(async () => {
  await factory.end();
  await server.close();
});
beforeEach(() => {
  server.requests.length = 0;
  server.script = ({ n }) =>
    n % 2 === 1 ? { calls: [{ name: 'echo', input: { text: 'devfactory' } }] } : { text: 'devfactory, it said' };
});

const card = async (id: string): Promise<ProviderCard | undefined> =>
  ((await factory.ask('/api/model-providers')).json as ProviderCard[]).find((item) => item.id === id);
const probe = async (id: string): Promise<ConnectionTest> =>
  (await factory.ask(`/api/model-providers/${id}/test`, { json: { model: 'scripted' } })).json as ConnectionTest;

describe('a provider is set up', () => {
  test.each(providers)('%s by its variables %j', async (id, variables, path) => {
    server.key = `sk-env-${id}`;
    const environment = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value === 'key' ? `sk-env-${id}` : value]),
    );
    await factory.restart({ environment: { ...environment, DEVFACTORY_MODEL: `${id}/scripted` }, limits });
    expect(await card(id)).toMatchObject({ from: 'environment', usable: true, secretsSet: ['key'] });
    expect(await probe(id)).toMatchObject({ ok: true, callsTools: true });
    expect(server.requests.map((request) => request.path)).toEqual([path, path]);
    expect((await factory.ask('/api/models')).json).toMatchObject({ defaultModel: `${id}/scripted` });
  });

  test('by models.json, which goes before the environment as a whole', async () => {
    server.key = 'sk-from-file';
    const providers = { anthropic: { key: 'sk-from-file', baseUrl: `${server.url}/v1` } };
    await writeFile(join(dataDir, 'models.json'), JSON.stringify({ default: 'anthropic/scripted', providers }), {
      mode: 0o600,
    });
    const environment = { ANTHROPIC_API_KEY: 'sk-env', DEVFACTORY_MODEL: 'openai/gpt' };
    await factory.restart({ environment, limits });
    expect(await card('anthropic')).toMatchObject({ from: 'file', usable: true });
    expect(await probe('anthropic')).toMatchObject({ ok: true });
    expect((await factory.ask('/api/models')).json).toMatchObject({ defaultModel: 'anthropic/scripted' });
    await writeFile(join(dataDir, 'models.json'), '{}', { mode: 0o600 });
  });
});

describe.skipIf(here !== '')(`the key of a provider is nowhere${here}`, () => {
  const over = ({ stage }: RunState): boolean => ['finished', 'failed', 'waiting'].includes(stage.name);
  const paths = providers.filter(([id], at) => providers.findIndex(([other]) => other === id) === at);

  test.each(paths)(
    'neither that of %s',
    async (id, variables, path) => {
      const canary = `DFCANARY-${id}-5e1b7c3a9f`;
      const baseUrl = Object.values(variables).find((value) => value.startsWith('http'));
      server.key = canary;
      const values = { baseUrl, key: canary };
      const saved = await factory.ask(`/api/model-providers/${id}`, { json: { values } });
      const look =
        'env; tr "\\0" " " < /proc/1/environ; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" " "; ls -la ~ /tmp';
      let looked = 0;
      // The vendor repeats the key: in an answer, in a fault that is asked again, and in a refusal.
      server.script = ({ body }) => {
        if (body.includes('propose_requirements') && looked === 0) return { calls: planCalls };
        looked += 1;
        if (looked === 1) return { calls: [call('shell', { command: look })] };
        const status = looked === 2 ? 500 : 401;
        return { fault: { kind: 'status', status, body: `{"error":{"message":"Incorrect API key ${canary}"}}` } };
      };
      const order = { prompt: 'Look around', autonomy: 'auto', model: `${id}/scripted` };
      const run = await factory.create(order);
      const state = await factory.until(run, over, 150_000);
      expect(state.stage).toMatchObject({ name: 'failed', code: 'model_key_refused' });
      expect(server.requests.map((request) => request.path)).toContain(path);
      const shell = state.steps.flatMap((step) => step.calls).find(({ tool }) => tool === 'shell');
      expect(shell?.excerpt).toContain('PATH=');
      const bodies = state.steps.flatMap((step) => [step.body, ...step.calls.map((item) => item.body)]);
      const blobs = await Promise.all(
        bodies.map(async (digest) => (await factory.ask(`/api/runs/${run}/blobs/${digest ?? ''}`)).text),
      );
      const lists = ['/api/models', '/api/model-providers', '/api/agents', '/api/doctor', `/api/runs/${run}`];
      const answers = await Promise.all(lists.map(async (at) => (await factory.ask(at)).text));
      const seen = JSON.stringify([saved.text, await probe(id), answers, blobs, await factory.log(run)]);
      expect(seen).toContain('[key]');
      expect(seen).not.toContain(canary);
      const rows = await factory.sql('select * from model_providers');
      expect(JSON.stringify(rows)).toContain(id);
      expect(JSON.stringify([rows, await factory.sql('select * from run_events')])).not.toContain(canary);
      expect(await holding(factory.dataDir, run)).not.toEqual([]);
      expect(await holding(factory.dataDir, canary)).toEqual([]);
      expect(await holding('/proc', canary, /^\/proc\/\d+\/cmdline$/)).toEqual([]);
      expect(server.requests.every((request) => !request.path.includes(canary))).toBe(true);
    },
    200_000,
  );
});
