import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelServer } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { call, planCalls } from './builtin-stage.ts';
import { ServerProcess } from './server-process.ts';

const canary = 'sk-DFCANARY-log-61d0c7f2aa';
const another = 'sk-DFCANARY-log-settings-07b3';

test('no key of a model is in what the server writes, its log at its most talkative included', async ({ skip }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-model-logs-'));
  const vendor = await ModelServer.start();
  const environment = {
    OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
    OPENAI_COMPATIBLE_API_KEY: canary,
    DEVFACTORY_MODEL: 'openai-compatible/scripted',
    DEVFACTORY_LOG: 'debug',
  };
  const factory = await ServerProcess.start(dataDir, environment);
  try {
    const doctor = await factory.ask<{ name: string; outcome: string; found: string }[]>('/api/doctor');
    const sandbox = doctor.find((check) => check.name === 'sandbox');
    if (sandbox?.outcome !== 'ok') return skip(`no sandbox here: ${sandbox?.found ?? ''}`);
    // The vendor repeats the key it was sent, in a fault that is asked again and in a refusal.
    vendor.script = ({ body, headers, n }) => {
      if (body.includes('propose_requirements') && n === 1) return { calls: planCalls };
      if (n === 2) return { calls: [call('shell', { command: 'env' })] };
      const message = `Incorrect key: ${String(headers['authorization'])}`;
      return { fault: { kind: 'status', status: n === 3 ? 500 : 401, body: JSON.stringify({ error: { message } }) } };
    };
    const { id } = await factory.ask<{ id: string }>('/api/runs', { prompt: 'Look around', autonomy: 'auto' });
    const state = await factory.until(id, ({ stage }) => ['finished', 'failed', 'waiting'].includes(stage.name));
    expect(state.stage).toMatchObject({ name: 'failed', code: 'model_key_refused' });
    expect(vendor.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${canary}`);
    // Settings that are accepted, settings that are not, and a test of the connection that is refused.
    const at = '/api/model-providers/openai-compatible';
    await factory.ask(at, { values: { baseUrl: `${vendor.url}/v1`, key: another } });
    await factory.ask(`${at}/test`, { model: 'scripted' });
    expect(vendor.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${another}`);
    const wrong = factory.ask(at, { values: { baseUrl: 'no address', key: another } });
    await expect(wrong).rejects.not.toThrow(another);
  } finally {
    await factory.stop();
    await vendor.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  const said = factory.said.join('');
  expect(said).toContain('"msg":');
  expect(said).not.toContain(canary);
  expect(said).not.toContain(another);
}, 180_000);
