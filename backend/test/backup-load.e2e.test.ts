import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileBlobStore } from '@devfactory/blobs-file';
import { requirementViews, type RunState } from '@devfactory/contracts';
import { blobsOf } from '@devfactory/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreFrom } from '../src/index.ts';
import { Factory, planOnly } from './factory.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const stepsOfWork = 25;

/** Many steps, each with new bytes and so with a checkpoint, and at last what keeps the promise. */
const busy = {
  ...planOnly,
  work: [
    ...Array.from({ length: stepsOfWork }, (_, step) => ({
      calls: [
        { tool: 'shell', input: { command: `head -c 300000 /dev/urandom > part-${step}.bin; echo ${step} > at.txt` } },
      ],
    })),
    {
      calls: [
        { tool: 'write', input: { path: 'hello.txt', content: 'hello\n' } },
        { tool: 'finish', input: {} },
      ],
    },
  ],
};

describe.skipIf(noSandbox !== null)(`a backup under load${noSandbox ? ` (${noSandbox})` : ''}`, () => {
  let factory: Factory;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'devfactory-test-'));
    await chmod(folder, 0o711);
    factory = await Factory.start();
  });
  afterAll(async () => {
    await factory.end();
    await rm(folder, { recursive: true, force: true });
  });

  const backup = async (name: string): Promise<string> => {
    const file = join(folder, name);
    const headers = { authorization: `Bearer ${factory.token}` };
    const response = await fetch(`${factory.server.url}/api/backup`, { method: 'POST', headers });
    expect(response.status).toBe(200);
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    return file;
  };
  const working = ({ checkpoints, stage }: RunState): boolean => stage.name === 'working' && checkpoints.length > 3;

  test('holds runs that work at that moment whole: every blob of every checkpoint, and they go on elsewhere to their end', async () => {
    const start = { agent: 'scripted', agentOptions: busy, autonomy: 'auto', destinations: [{ kind: 'zip' }] };
    const runs = await Promise.all(['one', 'two'].map((prompt) => factory.create({ prompt, ...start })));
    for (const id of runs) await factory.until(id, working, 90_000);
    // While a clean-up is asked for all the time, too: a backup goes first.
    const cleaning = new AbortController();
    const cleaner = (async () => {
      while (!cleaning.signal.aborted)
        expect([200, 409]).toContain((await factory.ask('/api/storage/clean-up', { json: { dryRun: false } })).status);
    })();
    const file = await backup('load.backup');
    const after = await Promise.all(runs.map((id) => factory.state(id)));
    expect(after.some(working)).toBe(true);
    cleaning.abort();
    await cleaner;
    const dataDir = join(folder, 'restored');
    expect(await restoreFrom(file, { dataDir, log: silent })).toMatchObject({ runs: 2 });
    const blobs = createFileBlobStore({ directory: join(dataDir, 'blobs') });
    const restored = await Factory.start({ dataDir });
    try {
      for (const id of runs) {
        // As it was at some moment of the backup, and under way.
        const state = await restored.state(id);
        expect(state.checkpoints.length).toBeGreaterThan(3);
        for (const checkpoint of state.checkpoints)
          for (const digest of await blobsOf(blobs, checkpoint)) await blobs.get(digest);
        const delivered = await restored.until(id, ({ stage }) => stage.name === 'delivered', 150_000);
        expect(requirementViews(delivered).map(({ status }) => status)).toEqual(['proven']);
      }
    } finally {
      await restored.server.close();
    }
  }, 300_000);
});
