import { spawnSync } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requirementViews, type ConnectionTest, type ModelCard } from '@devfactory/contracts';
import { testFolder } from '@devfactory/kit/testing';
import { hermesCall, node, onnxFile, writeScriptedModel } from '@devfactory/model-onnx/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Factory } from './factory.ts';

const why = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

const spec = {
  kind: 'command',
  argv: ['node', 'hello.mjs'],
  expect: { exitCode: 0, stdoutIncludes: ['made by ONNX'] },
};
const plan = {
  summary: 'One program.',
  requirements: [{ text: 'The program shall say who made it.', checks: [{ title: 'it says so', spec }] }],
};

describe.skipIf(why !== null)(`a model in ONNX${why ? ` (skipped: ${why})` : ''}`, () => {
  const folder = testFolder('devfactory-onnx-');
  let factory: Factory;
  beforeAll(async () => {
    await chmod(folder, 0o755);
    await writeScriptedModel(join(folder, 'planner'), {
      says: [`I plan.\n${hermesCall('propose_requirements', plan)}\n${hermesCall('finish', { summary: 'Planned.' })}`],
    });
    await writeScriptedModel(join(folder, 'coder'), {
      beside: true,
      says: [
        `I write.\n${hermesCall('write', { path: 'hello.mjs', content: "console.log('made by ONNX');\n" })}`,
        hermesCall('shell', { command: 'node hello.mjs' }),
        hermesCall('finish', { summary: 'It says so.' }),
      ],
    });
    await writeScriptedModel(join(folder, 'echo'), {
      says: [hermesCall('echo', { text: 'devfactory' }), 'devfactory'],
    });
    // The shape of a plan is in what agents of others are told, and this model's tokens are bytes.
    const contextTokens = 65_536;
    await writeScriptedModel(join(folder, 'outside-planner'), {
      contextTokens,
      says: [`I plan.\n\`\`\`json\n${JSON.stringify(plan)}\n\`\`\`\n`],
    });
    await writeScriptedModel(join(folder, 'outside-coder'), {
      contextTokens,
      says: [
        hermesCall('bash', {
          command: `echo "console.log('made by ONNX')" > hello.mjs && node hello.mjs`,
        }),
        'It says so.',
      ],
    });
    // A graph that is an ONNX file and no model: what only shows when it is loaded.
    await writeScriptedModel(join(folder, 'broken'), { says: [''] });
    await writeFile(
      join(folder, 'broken/onnx/model.onnx'),
      onnxFile({ nodes: [node({ op: 'NoSuchOperator', from: [], to: 'x' })], tensors: [], inputs: [], outputs: [] }),
    );
    factory = await Factory.start({ environment: {} });
    // Fetches the runtime, which is hundreds of megabytes while npm lays it out.
    await setUp({});
    // A request is not waited for longer than five minutes; the next one joins what goes on.
    await eventually(() => tested('echo'), 850_000);
  }, 900_000);
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

  test('plans, writes and runs a file, and what it made is proven', { timeout: 500_000 }, async () => {
    const id = await factory.create({
      prompt: 'Make a program',
      model: 'onnx/planner',
      autonomy: 'approve-plan',
      destinations: [{ kind: 'zip' }],
    });
    const planned = await factory.until(id, ({ stage }) => ['failed', 'waiting'].includes(stage.name), 200_000);
    expect(planned.stage).toMatchObject({ name: 'waiting', for: 'plan-approval' });
    await factory.command(id, { do: 'choose-model', model: 'onnx/coder' });
    await factory.command(id, { do: 'approve-plan', version: 1 });
    const ends = ['delivered', 'failed', 'waiting'];
    const state = await factory.until(
      id,
      ({ stage, plan: { approved } }) => approved === 1 && ends.includes(stage.name),
      200_000,
    );
    expect(state.stage).toMatchObject({ name: 'waiting', for: 'review' });
    expect(requirementViews(state).map(({ status }) => status)).toEqual(['proven']);
    expect(state.steps.flatMap((step) => step.calls.map(({ tool, outcome }) => `${tool} ${outcome}`))).toEqual([
      'propose_requirements ok',
      'finish ok',
      'write ok',
      'shell ok',
      'finish ok',
    ]);
    expect(state.usage).toMatchObject({ costUsd: 0 });
    expect(state.usage.outputTokens).toBeGreaterThan(200);
    expect((await card('coder'))?.note).toContain('loaded, runs on the processor');
  });

  test(
    'is asked by an agent of others, through the one door, and what they made is proven',
    {
      timeout: 600_000,
    },
    async () => {
      const example = join(import.meta.dirname, '../../docs/examples/own-agent');
      const described = JSON.parse(await readFile(join(example, 'agent.json'), 'utf8')) as object;
      const files = [{ path: 'agent.mjs', text: await readFile(join(example, 'agent.mjs'), 'utf8') }];
      await factory.ask('/api/agents', { json: { ...described, id: 'sample', files } });
      const id = await factory.create({
        prompt: 'Make a program',
        agent: 'sample',
        model: 'onnx/outside-planner',
        autonomy: 'approve-plan',
        destinations: [{ kind: 'zip' }],
      });
      const rests = ['delivered', 'failed', 'waiting'];
      const planned = await factory.until(id, ({ stage }) => rests.includes(stage.name), 400_000);
      expect(planned.stage).toMatchObject({ name: 'waiting', for: 'plan-approval' });
      await factory.command(id, { do: 'choose-model', model: 'onnx/outside-coder' });
      await factory.command(id, { do: 'approve-plan', version: 1 });
      const state = await factory.until(
        id,
        ({ stage, plan: { approved } }) => approved === 1 && rests.includes(stage.name),
        400_000,
      );
      expect(state.stage).toMatchObject({ name: 'waiting', for: 'review' });
      expect(requirementViews(state).map(({ status }) => status)).toEqual(['proven']);
      expect(state.steps.flatMap((step) => step.calls.map(({ tool, outcome }) => `${tool} ${outcome}`))).toContain(
        'own_tool ok',
      );
      expect(state.usage.inputTokens).toBeGreaterThan(1_000);
    },
  );

  test('is found to call tools, and comes back when its process was killed', { timeout: 300_000 }, async () => {
    expect(await tested('echo')).toMatchObject({ ok: true, streams: true, callsTools: true });
    const pids = spawnSync('pgrep', ['-f', 'inside/main.ts .*"name":"echo"']).stdout.toString().trim().split('\n');
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
    expect(await tested('echo')).toMatchObject({ ok: true });
  });

  test(
    'that cannot be loaded says so in the runtime’s words, and nobody waits for it',
    { timeout: 300_000 },
    async () => {
      const found = await tested('broken');
      expect(found).toMatchObject({ ok: false, sentence: expect.stringContaining('NoSuchOperator') as string });
    },
  );

  test('is unloaded when nobody asks it, and not loaded where there is no room', { timeout: 300_000 }, async () => {
    await setUp({ idle: '0.01' });
    expect((await tested('echo')).ok).toBe(true);
    await eventually(async () => expect((await card('echo'))?.note).toContain('; not loaded'));
    await setUp({ memory: '0.1' });
    expect((await tested('echo')).sentence).toMatch(/needs about \d+ MB of memory, and there are 100 MB for it/);
    await setUp({});
  });

  test('that is wished on a card falls back to the processor and says why', { timeout: 300_000 }, async () => {
    await setUp({ device: 'gpu' });
    expect((await tested('echo')).ok).toBe(true);
    expect((await card('echo'))?.note).toMatch(
      /loaded, runs on (?:the processor \(cuda did not work: .*webgpu did not work: .*\)|cuda|webgpu)/,
    );
  });
});
