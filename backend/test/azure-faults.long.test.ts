import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createAzureBlobStore } from '@devfactory/blobs-azure';
import type { Checkpoint } from '@devfactory/contracts';
import { blobsOf, collectGarbage, makeCheckpoint, restoreCheckpoint } from '@devfactory/engine';
import { DomainError, type BlobStore, type Workspace, type WorkspaceDriver } from '@devfactory/kit';
import { startAzurite, startFaultyProxy, testFolder } from '@devfactory/kit/testing';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const limits = {
  memoryBytes: 1024 ** 3,
  processes: 100,
  cpus: 2,
  diskBytes: 1024 ** 3,
  files: 50_000,
  tmpBytes: 64 * 1024 ** 2,
};
/** Fewer for a first look. */
const wantedFaults = Number(process.env['DEVFACTORY_FAULTS'] ?? 1000);
const look = String.raw`export LC_ALL=C; { find . -mindepth 1 -printf '%P|%y|%m|%l\n'; find . -type f -print0 | sort -z | xargs -0 -r sha256sum; } | sort`;

describe.skipIf(noSandbox !== null)(
  `a thousand faults on the way to Azure${noSandbox ? ` (${noSandbox})` : ''}`,
  () => {
    let directory: string;
    let driver: WorkspaceDriver;
    beforeAll(() => {
      directory = testFolder('df-faults-');
      chmodSync(directory, 0o711);
      driver = createBwrapDriver({ dataDir: directory });
    });
    afterAll(() => {
      spawnSync('chmod', ['-R', 'u+rwx', directory]);
      rmSync(directory, { recursive: true, force: true });
    });

    const run = async (workspace: Workspace, script: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await workspace.exec({ argv: ['bash', '-c', script], timeoutMs: 60_000 });
      if (exitCode !== 0) throw new Error(`${script}\n${stdout}\n${stderr}`);
      return stdout;
    };

    test('lose no checkpoint that was acknowledged, and restore none wrong', async () => {
      const azurite = await startAzurite();
      const proxy = await startFaultyProxy(azurite.url, 42);
      const access = (port?: number) =>
        ({ kind: 'connection-string', connectionString: azurite.connectionString(port), container: 'faults' }) as const;
      const direct = createAzureBlobStore({ access: access(), spoolDirectory: directory });
      const store = (): BlobStore =>
        createAzureBlobStore({
          access: access(proxy.port),
          spoolDirectory: directory,
          tries: 6,
          pauseMs: 1,
          timeoutMs: 1000,
        });
      const [work, back] = [
        await driver.open({ id: 'work', limits, egress: [] }),
        await driver.open({ id: 'back', limits, egress: [] }),
      ];
      const faults = (): number => [...proxy.injected.values()].reduce((sum, count) => sum + count, 0);
      const acknowledged: { readonly checkpoint: Checkpoint; readonly seen: string }[] = [];
      const givenUp: unknown[] = [];
      const wrong: string[] = [];
      const told = async (act: () => Promise<void>): Promise<void> => {
        try {
          await act();
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          givenUp.push(error.code);
        }
      };
      try {
        await run(
          work,
          'for i in $(seq 300); do mkdir -p d$((i % 7)); echo $i > d$((i % 7))/$i; done; head -c 6000000 /dev/urandom > large',
        );
        proxy.silences = true;
        proxy.rate = 0.3;
        for (let round = 0; faults() < wantedFaults; round += 1) {
          await run(
            work,
            `echo ${round} > d1/changed; head -c 70000 /dev/urandom > d2/new${round % 20}; rm -f d3/${round * 7 + 3}`,
          );
          await told(async () => {
            const checkpoint = await makeCheckpoint(
              { workspace: work, blobs: store() },
              {
                id: `ck-${round}`,
                label: '',
                reason: 'step',
                step: round,
                previous: acknowledged.at(-1)?.checkpoint ?? null,
              },
            );
            acknowledged.push({ checkpoint, seen: await run(work, look) });
          });
          const any = acknowledged[Math.floor(acknowledged.length / 2)];
          if (any && round % 5 === 4)
            await told(async () => {
              await run(back, 'find . -mindepth 1 -delete');
              await restoreCheckpoint({ workspace: back, blobs: store() }, { target: any.checkpoint, before: null });
              if ((await run(back, look)) !== any.seen) wrong.push(any.checkpoint.id);
            });
          // With lists that are out of date, too, nothing goes that a checkpoint needs.
          if (round % 10 === 9)
            await told(async () => {
              await collectGarbage(store(), {
                before: Date.now() + 60_000,
                liveRoots: () => acknowledged.map(({ checkpoint }) => checkpoint),
              });
            });
        }
        proxy.rate = 0;
        expect(wrong).toEqual([]);
        expect(acknowledged.length).toBeGreaterThan(3);
        for (const code of givenUp) expect(code).toMatch(/^blob_store_/);
        expect(proxy.injected.size).toBeGreaterThan(7);
        for (const { checkpoint, seen } of acknowledged) {
          for (const digest of await blobsOf(direct, checkpoint)) expect(await direct.has(digest)).toBe(true);
          await run(back, 'find . -mindepth 1 -delete');
          await restoreCheckpoint({ workspace: back, blobs: direct }, { target: checkpoint, before: null });
          expect(await run(back, look)).toBe(seen);
        }
        console.log(
          `${faults()} faults, ${acknowledged.length} checkpoints kept, ${givenUp.length} given up in words`,
          proxy.injected,
        );
      } finally {
        await work.close();
        await back.close();
        await proxy.stop();
        await azurite.stop();
      }
    }, 1_200_000);
  },
);
