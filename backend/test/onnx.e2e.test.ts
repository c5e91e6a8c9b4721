import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionTest, ModelCard } from '@devfactory/contracts';
import { testFolder } from '@devfactory/kit/testing';
import { node, onnxFile, writeScriptedModel } from '@devfactory/model-onnx/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Factory, problem } from './factory.ts';

/** What can be known without the runtime; with it: onnx.long.test.ts. */
describe('a folder of models in ONNX', () => {
  const folder = testFolder('devfactory-onnx-');
  let factory: Factory;
  beforeAll(async () => {
    await chmod(folder, 0o755);
    await writeScriptedModel(join(folder, 'coder'), { says: ['Hello.'] });
    await writeScriptedModel(join(folder, 'hostile'), { says: [''] });
    const evil = onnxFile({
      nodes: [node({ op: 'Run', from: [], to: 'x', domain: 'evil.example' })],
      tensors: [],
      inputs: [],
      outputs: [],
    });
    await writeFile(join(folder, 'hostile/onnx/model.onnx'), evil);
    factory = await Factory.start({ environment: {} });
  });
  afterAll(async () => {
    await factory?.end();
    await rm(folder, { recursive: true, force: true });
  });

  const setUp = (values: object) =>
    factory.ask('/api/model-providers/onnx', { json: { values: { folder, ...values } } });
  const card = async (name: string): Promise<ModelCard | undefined> =>
    ((await factory.ask('/api/models')).json as { models: ModelCard[] }).models.find(
      ({ ref }) => ref === `onnx/${name}`,
    );
  const tested = async (model: string): Promise<ConnectionTest> =>
    (await factory.ask('/api/model-providers/onnx/test', { json: { model } })).json as ConnectionTest;

  test('is set up with a folder, tells its memory before it is loaded, and why it is refused', async () => {
    expect(await setUp({ memory: '2' })).toMatchObject({ status: 200, json: { usable: true } });
    expect(await card('coder')).toMatchObject({
      available: true,
      note: expect.stringMatching(/^fp32, needs about \d+ MB of memory .*; not loaded$/) as string,
      figures: { contextTokens: 32_768, inputUsd: 0, outputUsd: 0 },
    });
    expect(await card('hostile')).toMatchObject({
      available: false,
      why: expect.stringContaining('evil.example') as string,
    });
    expect(problem(await setUp({ folder: '/no/such/folder' })).code).toBe('model_folder_missing');
    expect(problem(await setUp({ memory: 'much' })).detail).toBe('Memory of ONNX is a number above 0.');
    expect(problem(await setUp({ device: 'tpu' })).detail).toBe('Runs on of ONNX is cpu or gpu.');
  });

  test('that is refused cannot be asked', async () => {
    expect((await tested('hostile')).sentence).toContain('evil.example');
    expect(problem(await factory.ask('/api/models/default', { json: { model: 'nobody/x' } })).code).toBe(
      'model_unknown',
    );
  });
});
