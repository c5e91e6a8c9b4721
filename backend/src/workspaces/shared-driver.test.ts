import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkspaceLimits, WorkspaceSpec } from '@devfactory/kit';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SharedDriver } from './shared-driver.ts';

const why = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const limits: WorkspaceLimits = {
  memoryBytes: 500_000_000,
  processes: 100,
  cpus: 1,
  diskBytes: 100_000_000,
  files: 10_000,
  tmpBytes: 10_000_000,
};
const id = 'run-aaaaaaaaaaaaaaaa';
const spec: WorkspaceSpec = { id, limits, egress: [] };
const sleep = { argv: ['sh', '-c', 'echo up; exec sleep 4711'], timeoutMs: 60_000 };
const gone = { code: 'workspace_gone' };

describe.skipIf(why !== null)(`one sandbox with several holders${why ? ` (skipped: ${why})` : ''}`, () => {
  let dataDir = '';
  let driver: SharedDriver;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'devfactory-shared-'));
    driver = new SharedDriver(createBwrapDriver({ dataDir }));
  });
  afterAll(async () => {
    await driver.remove(id);
    rmSync(dataDir, { recursive: true, force: true });
  });
  const sleepers = async (hold: Awaited<ReturnType<SharedDriver['open']>>): Promise<string> =>
    (await hold.exec({ argv: ['pgrep', '-fc', '^sleep 471[1]'], timeoutMs: 5_000 })).stdout.trim();

  test('holders share files and processes, and giving a hold back ends only what it started', async () => {
    expect(await driver.join(id)).toBeNull();
    const [agent, person] = await Promise.all([driver.open(spec), driver.open(spec)]);
    await agent.files.write('a.txt', Buffer.from('agent'));
    expect(Buffer.from(await person.files.read('a.txt')).toString()).toBe('agent');
    const [theirs, ours] = [await agent.start(sleep), await person.start(sleep)];
    await expect.poll(() => ours.output() + theirs.output()).toBe('up\nup\n');
    const waiting = agent.exec({ argv: ['sleep', '60'], timeoutMs: 60_000 });
    const refusal = waiting.catch((error: unknown) => error);
    await agent.close();
    expect(await refusal).toMatchObject(gone);
    await expect(agent.exec(sleep)).rejects.toMatchObject(gone);
    await expect(agent.files.read('a.txt')).rejects.toMatchObject(gone);
    await agent.close();
    expect(await sleepers(person)).toBe('1');

    const third = await driver.join(id);
    if (!third) throw new Error('nothing stands');
    await person.close();
    expect(await sleepers(third)).toBe('0');
    await third.close();
    expect(await driver.join(id)).toBeNull();
    const fresh = await driver.open(spec);
    expect(Buffer.from(await fresh.files.read('a.txt')).toString()).toBe('agent');
    await fresh.close();
  });

  test('what is started to last ends with the sandbox, not with the hold that started it', async () => {
    const [agent, person] = await Promise.all([driver.open(spec), driver.open(spec)]);
    const service = await agent.start(sleep, { lasting: true });
    await expect.poll(() => service.output()).toBe('up\n');
    await agent.close();
    expect(await sleepers(person)).toBe('1');
    await person.close();
    const fresh = await driver.open(spec);
    expect(await sleepers(fresh)).toBe('0');
    await fresh.close();
  });

  test('a hold taken while the last other one is given back finds a sandbox that stands', async () => {
    for (let round = 0; round < 4; round += 1) {
      const first = await driver.open(spec);
      const [, second] = await Promise.all([first.close(), driver.open(spec)]);
      expect(await sleepers(second)).toBe('0');
      await second.close();
    }
  });

  test('models are answered by the holder that brought them, also in a sandbox that somebody else started', async () => {
    const person = await driver.open(spec);
    const ask = `require('node:net').connect({ host: '127.0.0.1', port: Number(new URL(process.argv[1]).port) })
      .on('data', (bytes) => process.stdout.write(bytes)).on('error', () => {});`;
    const asked = async (): Promise<string> =>
      (await person.exec({ argv: ['node', '-e', ask, person.modelsUrl ?? ''], timeoutMs: 10_000 })).stdout;
    expect(await asked()).toBe('');
    const agent = await driver.open({ ...spec, models: (connection) => connection.end('model') });
    expect(await asked()).toBe('model');
    await agent.close();
    expect(await asked()).toBe('');
    await person.close();
  });

  test('a sandbox that dies, is removed, or is needed with another way out is gone for all its holders, who are told', async () => {
    const [one, two] = await Promise.all([driver.open(spec), driver.open(spec)]);
    await one.exec({ argv: ['sh', '-c', 'kill -9 $PPID'], timeoutMs: 5_000 }).catch(() => undefined);
    expect([await one.gone, await two.gone]).toEqual([expect.stringMatching(/sandbox/), expect.any(String)]);
    await expect(two.exec(sleep)).rejects.toMatchObject(gone);

    const held = await driver.open(spec);
    const fetching = await driver.open({ ...spec, egress: ['git.example'] });
    expect(await held.gone).toContain('opened anew');
    expect(await sleepers(fetching)).toBe('0');
    await held.close();
    await driver.remove(id);
    expect(await fetching.gone).toContain('removed');
    await expect(fetching.ports()).rejects.toMatchObject(gone);
    expect(await driver.list()).toEqual([]);
  });
});
