import { spawnSync } from 'node:child_process';
import { ModelServer, type ModelServerRequest } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Factory } from '../factory.ts';

const why = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const key = 'sk-canary-0123456789';
const command = 'mkdir -p src; echo "console.log(\'hi\');" > src/hello.js; node src/hello.js';
const spec = { kind: 'command', argv: ['node', 'src/hello.js'], expect: { exitCode: 0, stdoutIncludes: ['hi'] } };
const plan = { requirements: [{ text: 'There is a greeting.', checks: [{ title: 'it greets', spec }] }] };

interface Body {
  readonly tools?: readonly { function: { name: string; parameters: { properties?: Record<string, unknown> } } }[];
  readonly messages: readonly { readonly role: string }[];
}

/** A model that knows no agent: it plans, then finds a tool that runs commands by its name, and calls it as its schema says. */
function answer({ body }: ModelServerRequest) {
  const { tools = [], messages } = JSON.parse(body) as Body;
  if (tools.length === 0) return { text: 'A title' };
  if (!body.includes('Make the requirements true')) return { text: `\`\`\`json\n${JSON.stringify(plan)}\n\`\`\`` };
  const shell = tools.find((tool) => /^(bash|run_shell_command|shell|exec_command)$/i.test(tool.function.name));
  if (messages.some(({ role }) => role === 'tool') || !shell) return { text: 'Finished.' };
  const fields = shell.function.parameters.properties ?? {};
  const input = {
    ['cmd' in fields ? 'cmd' : 'command']: command,
    ...('is_background' in fields ? { is_background: false } : {}),
  };
  return {
    calls: [
      { name: shell.function.name, input: { ...input, ...('description' in fields ? { description: 'greet' } : {}) } },
    ],
  };
}

describe.skipIf(why !== null)(`agents from npm${why ? ` (skipped: ${why})` : ''}`, () => {
  let vendor: ModelServer;
  let factory: Factory;
  beforeAll(async () => {
    vendor = await ModelServer.start(answer);
    vendor.key = key;
    const environment = {
      OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
      OPENAI_COMPATIBLE_API_KEY: key,
      DEVFACTORY_MODEL: 'openai-compatible/scripted',
    };
    factory = await Factory.start({ environment });
  });
  afterAll(async () => {
    await factory?.end();
    await vendor?.close();
  });

  test.for(['opencode', 'kilo', 'gemini', 'qwen', 'codex', 'claude-code'])(
    '%s plans, works and delivers what is proven',
    async (agent) => {
      const id = await factory.create({ prompt: 'Greet', agent, autonomy: 'auto', destinations: [{ kind: 'zip' }] });
      const ends = ['delivered', 'failed', 'waiting'];
      const state = await factory.until(id, ({ stage }) => ends.includes(stage.name), 500_000);
      expect(state.stage).toEqual({ name: 'delivered' });
      expect(state.steps.flatMap((step) => step.calls.map((call) => call.tool))).toContain('own_tool');
      expect(JSON.stringify(await factory.log(id))).not.toContain(key);
    },
  );
});
