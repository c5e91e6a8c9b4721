import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentTrial } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OwnAgentStage, why } from './own-agent-stage.ts';

const folder = join(import.meta.dirname, '../../../docs/examples/own-agent');
const described = JSON.parse(readFileSync(join(folder, 'agent.json'), 'utf8')) as { files: { from: string }[] };
const files = described.files.map(({ from, ...file }) => ({ ...file, text: readFileSync(join(folder, from), 'utf8') }));

const spec = { kind: 'command', argv: ['node', 'hello.mjs'], expect: { exitCode: 0, stdoutIncludes: ['hi'] } };
const plan = { requirements: [{ text: 'It greets.', checks: [{ title: 'it greets', spec }] }] };

describe.skipIf(why !== null)(`the guide's agent${why ? ` (skipped: ${why})` : ''}`, { timeout: 240_000 }, () => {
  let stage: OwnAgentStage;
  beforeAll(async () => {
    stage = await OwnAgentStage.start();
    stage.vendor.script = ({ body }) => {
      const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] };
      const last = messages.at(-1);
      if (last?.role === 'tool') return { text: last.content.includes('hi') ? 'It greets.' : 'It failed.' };
      if (last?.content.includes('Now plan')) return { text: `\`\`\`json\n${JSON.stringify(plan)}\n\`\`\`` };
      const command = `echo "console.log('hi')" > hello.mjs && node hello.mjs`;
      return { calls: [{ name: 'bash', input: { command } }] };
    };
  });
  afterAll(() => stage?.end());

  test('is added as it is described, works when it is tried, asks before it runs, and what it makes is proven', async () => {
    const added = await stage.factory.ask('/api/agents', { json: { ...described, id: 'sample', files } });
    expect(added.status).toBe(200);
    const trial = (await stage.factory.ask('/api/agents/sample/try', { method: 'POST' })).json as AgentTrial;
    expect(trial).toMatchObject({ ok: true, name: 'Sample agent 1.0.0' });
    const state = await stage.ran('sample');
    expect(state.stage).toEqual({ name: 'delivered' });
    expect(state.steps.flatMap(({ calls }) => calls.map(({ tool, outcome }) => `${tool} ${outcome}`))).toEqual([
      'propose_requirements ok',
      'finish ok',
      'own_tool ok',
      'finish ok',
    ]);
    const rejected = await stage.ran('sample', 'honest', { agentOptions: { permissions: { execute: 'reject' } } });
    expect(rejected.stage).toMatchObject({ name: 'waiting', for: 'review' });
    expect(rejected.evidence.filter(({ verdict }) => verdict === 'passed')).toEqual([]);
  });
});
