import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunState } from '@devfactory/contracts';
import { startAzurite, startFaultyProxy, testFolder, type Azurite, type FaultyProxy } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveBlobs } from '../src/storage/move-blobs.ts';
import { eventually, Factory, planOnly } from './factory.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const moveProgram = join(import.meta.dirname, '..', 'src', 'move-blobs.ts');

const script = {
  ...planOnly,
  work: [
    {
      calls: [
        {
          tool: 'shell',
          input: {
            command:
              'mkdir -p deep/er empty; echo hello > hello.txt; printf "a\\r\\n" > crlf.txt; ln -s hello.txt link; chmod 751 crlf.txt; ' +
              'head -c 9000000 /dev/urandom > large.bin; printf "ignored\\n" > .gitignore; echo kept > ignored; ' +
              'for i in $(seq 200); do echo $i > deep/er/$i.txt; done',
          },
        },
        { tool: 'finish', input: {} },
      ],
    },
  ],
};

describe.skipIf(noSandbox !== null)(`a server with its blobs in Azure${noSandbox ? ` (${noSandbox})` : ''}`, () => {
  let azurite: Azurite;
  let proxy: FaultyProxy;
  let factory: Factory;
  let kept: string;
  let run: string;
  let container = 'first';
  const azure = (): NodeJS.ProcessEnv => ({
    ...process.env,
    DEVFACTORY_BLOB_STORE: 'azure',
    DEVFACTORY_BLOB_CONTAINER: container,
    AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString(proxy.port),
  });
  const file = (): NodeJS.ProcessEnv => ({ ...azure(), DEVFACTORY_BLOB_STORE: 'file' });

  beforeAll(async () => {
    kept = testFolder('df-kept-');
    azurite = await startAzurite();
    proxy = await startFaultyProxy(azurite.url, 5);
    factory = await Factory.start({ environment: azure() });
    run = await factory.create({ prompt: 'Say hello', agent: 'scripted', agentOptions: script });
    const waits = (wanted: string) => (state: RunState) => state.stage.name === 'waiting' && state.stage.for === wanted;
    await factory.until(run, waits('plan-approval'));
    await factory.command(run, { do: 'approve-plan', version: 1 });
    await factory.until(run, waits('review'));
    execFileSync('cp', ['-a', workspace(), join(kept, 'before')]);
  }, 240_000);
  afterAll(async () => {
    await factory?.end();
    await proxy?.stop();
    await azurite?.stop();
    rmSync(kept, { recursive: true, force: true });
  });

  const workspace = (): string =>
    globSync(join(factory.dataDir, 'workspaces', '**', 'crlf.txt'))[0]?.replace(/\/crlf\.txt$/, '') ?? '';

  /** All that a machine has but its database. */
  const wipe = (): void => {
    for (const name of readdirSync(factory.dataDir))
      if (!/^(postgres.*|installation-id)$/.test(name))
        rmSync(join(factory.dataDir, name), { recursive: true, force: true });
  };

  async function comesBack(): Promise<void> {
    const before = await factory.state(run);
    const answer = await factory.command(run, { do: 'restore', checkpointId: before.head });
    expect([answer.status, answer.text]).toEqual([202, expect.anything()]);
    await factory.until(run, ({ seq, stage }) => stage.name === 'waiting' && seq > before.seq + 1, 60_000);
    await eventually(async () => {
      const differences = spawnSync('diff', ['-r', '--no-dereference', join(kept, 'before'), workspace()]);
      expect(differences.stdout.toString() + differences.stderr.toString()).toBe('');
    });
  }

  test('keeps nothing of a run on its disk, and gets its workspace back after the disk was wiped', async () => {
    expect(readdirSync(factory.dataDir)).not.toContain('blobs');
    await factory.server.close();
    wipe();
    const environment = azure();
    factory = await Factory.start({ dataDir: factory.dataDir, environment });
    expect(workspace()).toBe('');
    await comesBack();
  }, 120_000);

  test('moves to files and back, cut off and killed on the way', async () => {
    await factory.server.close();
    const move = (to: 'file' | 'azure', remove: boolean) =>
      moveBlobs({ dataDir: factory.dataDir, to, remove, environment: azure(), log: silent });
    // A kill in the middle: the process ends with some blobs copied.
    const child = spawn(
      process.execPath,
      ['--conditions=devfactory-source', moveProgram, '--data-dir', factory.dataDir, 'file'],
      { env: azure(), stdio: 'ignore' },
    );
    const ended = once(child, 'exit');
    const copies = (): number =>
      globSync(join(factory.dataDir, 'blobs', '**', '*')).filter((path) => /[0-9a-f]{64}$/.test(path)).length;
    await eventually(async () => {
      if (child.exitCode !== null) return;
      expect(copies()).toBeGreaterThan(0);
    });
    child.kill('SIGKILL');
    await ended;
    const first = await move('file', false);
    expect(first.broken).toEqual([]);
    expect(await move('file', false)).toMatchObject({ copied: 0, there: first.copied + first.there });
    const environment = file();
    factory = await Factory.start({ dataDir: factory.dataDir, environment });
    await comesBack();
    await factory.server.close();
    // And back, into a container that has nothing, through a bad network.
    container = 'second';
    proxy.rate = 0.1;
    const back = await move('azure', true);
    proxy.rate = 0;
    expect(back.removed).toBe(back.copied + back.there);
    expect(copies()).toBe(0);
    wipe();
    factory = await Factory.start({ dataDir: factory.dataDir, environment: azure() });
    await comesBack();
  }, 240_000);
});
