import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunState } from '@devfactory/contracts';
import { ModelServer } from '@devfactory/kit/testing';
import { Factory } from '../factory.ts';

export const why = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
export const key = 'sk-canary-0123456789';

const text = readFileSync(join(import.meta.dirname, 'agent-program.mjs'), 'utf8');

/** An agent whose whole program lies in its home. */
export const ownAgent = (id: string, words = '') => ({
  id,
  title: id.toUpperCase(),
  command: ['sh', '-c', `exec node "$HOME/agent.mjs" ${words}`],
  wire: 'chat-completions',
  env: { MODEL_URL: '{url}', MODEL_TOKEN: '{token}', MODEL_NAME: '{model}' },
  files: [{ path: 'agent.mjs', text }],
});

const ends = ['delivered', 'failed', 'waiting'];

/** A factory with a model that always says the same, for agents of a person's own. */
export class OwnAgentStage {
  readonly vendor: ModelServer;
  readonly factory: Factory;
  readonly environment: NodeJS.ProcessEnv;

  private constructor(parts: Pick<OwnAgentStage, 'vendor' | 'factory' | 'environment'>) {
    this.vendor = parts.vendor;
    this.factory = parts.factory;
    this.environment = parts.environment;
  }

  static async start(): Promise<OwnAgentStage> {
    const vendor = await ModelServer.start(() => ({
      text: 'Write a file.',
      usage: { input: 1000, cached: 0, output: 100 },
    }));
    vendor.key = key;
    const environment = {
      OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
      OPENAI_COMPATIBLE_API_KEY: key,
      DEVFACTORY_MODEL: 'openai-compatible/scripted',
    };
    return new OwnAgentStage({ vendor, environment, factory: await Factory.start({ environment }) });
  }

  async add(id: string, words = ''): Promise<void> {
    const { status, text: said } = await this.factory.ask('/api/agents', { json: ownAgent(id, words) });
    if (status !== 200) throw new Error(said);
  }

  begun(agent: string, mode = 'honest', more: object = {}): Promise<string> {
    const prompt = `Say hi, mode:${mode}`;
    return this.factory.create({ prompt, agent, autonomy: 'auto', destinations: [{ kind: 'zip' }], ...more });
  }

  settled(id: string): Promise<RunState> {
    return this.factory.until(id, ({ stage }) => ends.includes(stage.name), 220_000);
  }

  async ran(agent: string, mode = 'honest', more: object = {}): Promise<RunState> {
    return this.settled(await this.begun(agent, mode, more));
  }

  /** A file of the run's last checkpoint. */
  async fileOf({ id, head }: RunState, path: string): Promise<string> {
    const answer = await this.factory.ask(`/api/runs/${id}/checkpoints/${head}/file?path=${encodeURIComponent(path)}`);
    return (answer.json as { text: string }).text;
  }

  /** What an agent with --load wrote down in its home. */
  async diaryOf(runId: string, agent: string): Promise<string> {
    const [home] = spawnSync('find', [
      join(this.factory.dataDir, 'workspaces', runId.replace('_', '-')),
      '-path',
      `*.agent-${agent}/diary.txt`,
    ])
      .stdout.toString()
      .split('\n');
    return home ? readFile(home, 'utf8') : '';
  }

  async end(): Promise<void> {
    await this.factory.end();
    await this.vendor.close();
  }
}
