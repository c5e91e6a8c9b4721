import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirementViews } from '@devfactory/contracts';
import { ModelServer, type ModelTurn } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import { ServerProcess } from '../server-process.ts';
import { ownAgent, why } from './own-agent-stage.ts';

const built = existsSync(join(import.meta.dirname, '../../dist/serve.js'));
const skipped = why ?? (built ? null : 'the back end is not built');

describe.skipIf(skipped !== null)(
  `an outside agent in mid-turn${skipped ? ` (skipped: ${skipped})` : ''}`,
  { timeout: 300_000 },
  () => {
    test('goes on with its session after the server, and then its sandbox, was killed while it asked its model', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-acp-kill-'));
      const vendor = await ModelServer.start();
      const environment = {
        OPENAI_COMPATIBLE_BASE_URL: `${vendor.url}/v1`,
        DEVFACTORY_MODEL: 'openai-compatible/scripted',
      };
      let factory = await ServerProcess.start(dataDir, environment);
      try {
        const folder = (id: string): string => join(dataDir, 'workspaces', id.replace('_', '-'));
        let id = '';
        const killed: Promise<unknown>[] = [];
        vendor.script = ({ n }): ModelTurn => {
          const hangs: ModelTurn = { text: 'Never said.', fault: { kind: 'hang', at: 0.5 } };
          if (n === 1) {
            killed.push(factory.kill({ database: false }));
            return hangs;
          }
          if (n === 2) {
            // Its first process: everything in it, the door to the model included, goes with it.
            const pids = spawnSync('pgrep', ['-f', `bwrap .*${folder(id)}`])
              .stdout.toString()
              .trim()
              .split('\n');
            for (const pid of pids) spawnSync('kill', ['-9', pid]);
            killed.push(Promise.resolve(pids));
            return hangs;
          }
          return { text: 'Write a file.' };
        };
        await factory.ask('/api/agents', ownAgent('loads', '--load'));
        ({ id } = await factory.ask<{ id: string }>('/api/runs', {
          prompt: 'Say hi, mode:honest',
          agent: 'loads',
          autonomy: 'auto',
          destinations: [{ kind: 'zip' }],
        }));
        while (killed.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
        await killed[0];
        factory = await ServerProcess.start(dataDir, environment);
        const state = await factory.until(id, ({ stage }) => ['delivered', 'failed', 'waiting'].includes(stage.name));
        expect(await killed[1]).not.toEqual(['']);
        expect(state.stage).toEqual({ name: 'delivered' });
        expect(requirementViews(state).map(({ status }) => status)).toEqual(['proven']);
        const [diary = ''] = spawnSync('find', [folder(id), '-name', 'diary.txt'])
          .stdout.toString()
          .split('\n');
        const loads = (await readFile(diary, 'utf8')).split('\n').filter((line) => line === 'load s');
        expect(loads.length).toBeGreaterThanOrEqual(2);
        expect(vendor.requests).toHaveLength(3);
      } finally {
        await factory.stop();
        await vendor.close();
        await rm(dataDir, { recursive: true, force: true });
      }
    });
  },
);
