import { mkdtemp } from 'node:fs/promises';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionTest, ModelCard, ProviderCard } from '@devfactory/contracts';
import { ModelServer } from '@devfactory/kit/testing';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Factory, problem } from './factory.ts';

const canary = 'DFCANARY_0123456789abcdef';
const server = await ModelServer.start();
const other = await ModelServer.start();
const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-models-'));
const factory = await Factory.start({ dataDir, environment: { ANTHROPIC_API_KEY: 'sk-ant-from-env' } });

afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
  await factory.end();
});
beforeEach(() => {
  server.key = canary;
  server.requests.length = 0;
  other.requests.length = 0;
  server.script = ({ n }) =>
    n % 2 === 1 ? { calls: [{ name: 'echo', input: { text: 'devfactory' } }] } : { text: 'devfactory, it said' };
});

const save = (id: string, values: object) => factory.ask(`/api/model-providers/${id}`, { json: { values } });
const cards = async (): Promise<ProviderCard[]> => (await factory.ask('/api/model-providers')).json as ProviderCard[];
const card = async (id: string): Promise<ProviderCard | undefined> => (await cards()).find((item) => item.id === id);
const probe = async (id: string, order: object): Promise<ConnectionTest> =>
  (await factory.ask(`/api/model-providers/${id}/test`, { json: order })).json as ConnectionTest;
const models = async () =>
  (await factory.ask('/api/models')).json as { models: ModelCard[]; defaultModel: string | null };

describe('a provider', () => {
  test('is set up by the environment as long as nobody says otherwise, and shows no key', async () => {
    expect(await card('anthropic')).toMatchObject({
      from: 'environment',
      usable: true,
      secretsSet: ['key'],
      values: {},
    });
    expect(JSON.stringify(await cards())).not.toContain('sk-ant-from-env');
    expect(await card('openai')).toMatchObject({ from: 'nothing', usable: false });
  });

  test('keeps its key sealed, also over a restart, and never shows it again', async () => {
    const saved = await save('openai-compatible', { baseUrl: `${server.url}/v1/`, key: canary });
    expect(saved.json).toMatchObject({ usable: true, values: { baseUrl: `${server.url}/v1` }, secretsSet: ['key'] });
    await factory.restart({ environment: {} });
    expect(await card('openai-compatible')).toMatchObject({ usable: true, from: 'person' });
    expect(JSON.stringify([saved.json, await cards(), await models()])).not.toContain(canary);
    const rows = await factory.sql<{ sealed: object }>('select * from model_providers');
    expect(JSON.stringify(rows)).not.toContain(canary);
    expect((await stat(join(dataDir, 'model-key'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataDir, 'model-key'), 'utf8')).not.toContain(canary);
  });

  test('asks for the key again when its address moves to another origin, and sends nothing there', async () => {
    const moved = await save('openai-compatible', { baseUrl: `${other.url}/v1` });
    expect(problem(moved).code).toBe('key_needed');
    const tested = await factory.ask('/api/model-providers/openai-compatible/test', {
      json: { values: { baseUrl: `${other.url}/v1` }, model: 'scripted' },
    });
    expect(problem(tested).code).toBe('key_needed');
    expect(other.requests).toHaveLength(0);
    // The same origin is the same place.
    expect((await save('openai-compatible', { baseUrl: `${server.url}/v2` })).status).toBe(200);
    expect((await save('openai-compatible', { baseUrl: `${server.url}/v1` })).status).toBe(200);
  });

  test.each([
    [{ baseUrl: 'ftp://models.example' }, 'invalid_base_url'],
    [{ baseUrl: 'https://me:secret@models.example' }, 'invalid_base_url'],
    [{ baseUrl: 'nonsense' }, 'invalid_base_url'],
    [{ key: 'x' }, 'field_missing'],
    [{ baseUrl: 'https://models.example', colour: 'red' }, 'unknown_field'],
  ])('refuses %j', async (values, code) => {
    expect(problem(await save('openai-compatible', values)).code).toBe(code);
  });

  test('is unknown under a name nobody gave', async () => {
    expect(problem(await save('nobody', {})).code).toBe('unknown_provider');
  });
});

describe('a test of the connection', () => {
  test('makes a streamed round trip with a tool', async () => {
    const tested = await probe('openai-compatible', {});
    expect(tested).toMatchObject({ ok: true, field: null, model: 'scripted', streams: true, callsTools: true });
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.body).toContain('"role":"tool"');
  });

  test('names the key when that is refused, without repeating it', async () => {
    server.key = 'another';
    const tested = await probe('openai-compatible', { model: 'scripted' });
    expect(tested).toMatchObject({ ok: false, field: 'key' });
    expect(JSON.stringify(tested)).not.toContain(canary);
  });

  test('names the address when nothing answers there', async () => {
    const tested = await probe('openai-compatible', { values: { baseUrl: 'http://127.0.0.1:9/v1', key: 'k' } });
    expect(tested).toMatchObject({ ok: false, field: 'baseUrl' });
  });

  test('names the model when the endpoint does not have it', async () => {
    server.script = () => ({ fault: { kind: 'status', status: 404, body: '{"error":{"message":"model not found"}}' } });
    expect(await probe('openai-compatible', { model: 'nope' })).toMatchObject({ ok: false, field: 'model' });
  });

  test('says when a model does not call tools', async () => {
    server.script = () => ({ text: 'I would rather talk.' });
    expect(await probe('openai-compatible', {})).toMatchObject({ ok: false, field: 'model', callsTools: false });
  });

  test.each([
    ['openai', { baseUrl: '/v1' }, '/v1/responses'],
    ['anthropic', { baseUrl: '/v1' }, '/v1/messages'],
    ['google', { baseUrl: '/v1beta' }, '/v1beta/models/scripted:streamGenerateContent?alt=sse'],
    ['azure', { baseUrl: '' }, '/openai/v1/responses'],
    [
      'azure',
      { baseUrl: '', apiVersion: '2025-04-01-preview' },
      '/openai/deployments/scripted/chat/completions?api-version=2025-04-01-preview',
    ],
  ])('speaks what %s speaks %j', async (id, values, path) => {
    const tested = await probe(id, {
      values: { ...values, baseUrl: server.url + values.baseUrl, key: canary },
      model: 'scripted',
    });
    expect(tested).toMatchObject({ ok: true, callsTools: true, streams: true });
    expect(server.requests[0]?.path).toBe(path);
    expect(JSON.stringify(server.requests.map((request) => request.path))).not.toContain(canary);
  });
});

describe('models', () => {
  test('are listed from the endpoint with figures, which a person may set', async () => {
    server.models = [{ id: 'small', max_model_len: 8192 }, { id: 'scripted' }];
    await save('openai-compatible', { baseUrl: `${server.url}/v1` });
    const listed = (await models()).models.filter((model) => model.provider === 'openai-compatible');
    expect(listed.map((model) => [model.ref, model.figures.contextTokens, model.figuresFrom])).toEqual([
      ['openai-compatible/small', 8192, 'unknown'],
      ['openai-compatible/scripted', null, 'unknown'],
    ]);
    const figures = { contextTokens: 50_000, outputTokens: 4000, inputUsd: 1, cachedUsd: null, outputUsd: 2 };
    await factory.ask('/api/models/figures', { json: { model: 'openai-compatible/scripted', figures } });
    expect((await models()).models.find((model) => model.name === 'scripted')).toMatchObject({
      figures,
      figuresFrom: 'person',
    });
  });

  test('take figures and budgets from a file too, under what is said in the settings', async () => {
    const path = join(dataDir, 'models.json');
    const figures = {
      'openai-compatible/small': { inputUsd: 3, outputUsd: 4 },
      'openai-compatible/scripted': { inputUsd: 9 },
    };
    await writeFile(path, JSON.stringify({ figures, budgets: { dayUsd: 20 } }), { mode: 0o600 });
    const inputs = (await models()).models.map((model) => [model.name, model.figures.inputUsd]);
    expect(Object.fromEntries(inputs)).toMatchObject({ small: 3, scripted: 1 });
    expect((await factory.ask('/api/models/budgets')).json).toEqual({ dayUsd: 20, personDayUsd: null });
    await factory.ask('/api/models/budgets', { json: { dayUsd: null, personDayUsd: 5 } });
    expect((await factory.ask('/api/models/budgets')).json).toEqual({ dayUsd: null, personDayUsd: 5 });
    await factory.ask('/api/models/budgets', { json: { dayUsd: null, personDayUsd: null } });
  });

  test('keep what their last test found', async () => {
    expect(await probe('openai-compatible', { model: 'scripted' })).toMatchObject({ ok: true });
    const found = (await models()).models.find((model) => model.name === 'scripted');
    expect(found?.tested).toMatchObject({ ok: true, callsTools: true, streams: true });
  });

  test('say why they cannot be used', async () => {
    server.key = 'another';
    await save('openai-compatible', { baseUrl: `${server.url}/v1` });
    const listed = (await models()).models;
    expect(JSON.stringify(listed)).not.toContain(canary);
    server.key = canary;
    await save('openai-compatible', { baseUrl: `${server.url}/v1` });
  });

  test('one of them can be the default, and then the built-in agent is too', async () => {
    expect(problem(await factory.ask('/api/models/default', { json: { model: 'nobody/x' } })).code).toBe(
      'model_unknown',
    );
    expect(problem(await factory.ask('/api/models/default', { json: { model: 'openai/gpt' } })).code).toBe(
      'model_not_set_up',
    );
    await factory.ask('/api/models/default', { json: { model: 'openai-compatible/scripted' } });
    expect((await models()).defaultModel).toBe('openai-compatible/scripted');
    await factory.ask('/api/models/default', { json: { model: null } });
  });
});

test('a run that cannot have its model is refused before it exists', async () => {
  const asked = async (request: object) =>
    problem(await factory.ask('/api/runs', { json: { prompt: 'x', ...request } })).code;
  expect(await asked({ agent: 'builtin' })).toBe('model_missing');
  expect(await asked({ agent: 'builtin', model: 'nobody/x' })).toBe('model_unknown');
  expect(await asked({ agent: 'builtin', model: 'openai/gpt' })).toBe('model_not_set_up');
});
