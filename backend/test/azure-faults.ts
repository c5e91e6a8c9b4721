import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createAzureBlobStore } from '@devfactory/blobs-azure';
import type { Checkpoint } from '@devfactory/contracts';
import { blobsOf, collectGarbage, makeCheckpoint, restoreCheckpoint } from '@devfactory/engine';
import { DomainError, type BlobStore, type Workspace } from '@devfactory/kit';
import { startAzurite, startFaultyProxy, testFolder, type FaultyProxy } from '@devfactory/kit/testing';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import { expect } from 'vitest';

const limits = {
  memoryBytes: 1024 ** 3,
  processes: 100,
  cpus: 2,
  diskBytes: 1024 ** 3,
  files: 50_000,
  tmpBytes: 64 * 1024 ** 2,
};
const look = String.raw`export LC_ALL=C; { find . -mindepth 1 -printf '%P|%y|%m|%l\n'; find . -type f -print0 | sort -z | xargs -0 -r sha256sum; } | sort`;

export interface Storm {
  /** So many faults at least are injected. */
  readonly wanted: number;
  /** Of more kinds than so many. */
  readonly kinds: number;
  readonly seed: number;
}

async function run(workspace: Workspace, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await workspace.exec({ argv: ['bash', '-c', script], timeoutMs: 60_000 });
  if (exitCode !== 0) throw new Error(`${script}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Two workspaces, and the ways to the same container: through the faults, and straight. */
interface Scene {
  readonly work: Workspace;
  readonly back: Workspace;
  readonly proxy: FaultyProxy;
  readonly direct: BlobStore;
  readonly store: () => BlobStore;
  readonly acknowledged: { readonly checkpoint: Checkpoint; readonly seen: string }[];
  /** Restores that were acknowledged and are not what was kept. */
  readonly wrong: string[];
  /** Codes of errors. */
  readonly givenUp: string[];
}

/**
 * Checkpoints, restores and clean-ups through a network that injects faults. Fails on a restore that is wrong, on a checkpoint that was
 * acknowledged and lacks a blob, and on a giving up without words.
 */
export async function endure({ wanted, kinds, seed }: Storm): Promise<void> {
  const directory = testFolder('df-faults-');
  chmodSync(directory, 0o711);
  const driver = createBwrapDriver({ dataDir: directory });
  const azurite = await startAzurite();
  const proxy = await startFaultyProxy(azurite.url, seed);
  const access = (port?: number) =>
    ({ kind: 'connection-string', connectionString: azurite.connectionString(port), container: 'faults' }) as const;
  const options = { spoolDirectory: directory, tries: 6, pauseMs: 1, timeoutMs: 1000 };
  const scene: Scene = {
    work: await driver.open({ id: 'work', limits, egress: [] }),
    back: await driver.open({ id: 'back', limits, egress: [] }),
    proxy,
    direct: createAzureBlobStore({ access: access(), spoolDirectory: directory }),
    store: () => createAzureBlobStore({ access: access(proxy.port), ...options }),
    acknowledged: [],
    wrong: [],
    givenUp: [],
  };
  const faults = (): number => [...proxy.injected.values()].reduce((sum, count) => sum + count, 0);
  try {
    await run(scene.work, begin);
    proxy.silences = true;
    proxy.rate = 0.3;
    for (let round = 0; faults() < wanted; round += 1) await oneRound(scene, round);
    proxy.rate = 0;
    await judge(scene);
    expect(proxy.injected.size).toBeGreaterThan(kinds);
    const [kept, lost] = [scene.acknowledged.length, scene.givenUp.length];
    console.log(
      `${faults()} faults (seed ${seed}), ${kept} checkpoints kept, ${lost} given up in words`,
      proxy.injected,
    );
  } finally {
    await scene.work.close();
    await scene.back.close();
    await proxy.stop();
    await azurite.stop();
    spawnSync('chmod', ['-R', 'u+rwx', directory]);
    rmSync(directory, { recursive: true, force: true });
  }
}

const begin =
  'for i in $(seq 300); do mkdir -p d$((i % 7)); echo $i > d$((i % 7))/$i; done; head -c 6000000 /dev/urandom > large';

async function oneRound(scene: Scene, round: number): Promise<void> {
  const { work, back, store, acknowledged, wrong, givenUp } = scene;
  const told = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      givenUp.push(error.code);
    }
  };
  await run(
    work,
    `echo ${round} > d1/changed; head -c 70000 /dev/urandom > d2/new${round % 20}; rm -f d3/${round * 7 + 3}`,
  );
  await told(async () => {
    const previous = acknowledged.at(-1)?.checkpoint ?? null;
    const about = { id: `ck-${round}`, label: '', reason: 'step', step: round, previous } as const;
    const checkpoint = await makeCheckpoint({ workspace: work, blobs: store() }, about);
    acknowledged.push({ checkpoint, seen: await run(work, look) });
  });
  const any = acknowledged[Math.floor(acknowledged.length / 2)];
  if (any && round % 5 === 3)
    await told(async () => {
      await run(back, 'find . -mindepth 1 -delete');
      await restoreCheckpoint({ workspace: back, blobs: store() }, { target: any.checkpoint, before: null });
      if ((await run(back, look)) !== any.seen) wrong.push(any.checkpoint.id);
    });
  // With lists that are out of date, too, nothing goes that a checkpoint needs.
  if (round % 10 === 2)
    await told(async () => {
      const liveRoots = () => acknowledged.map(({ checkpoint }) => checkpoint);
      await collectGarbage(store(), { before: Date.now() + 60_000, liveRoots });
    });
}

/** Everything that was acknowledged is looked at without a fault in between. */
async function judge({ acknowledged, wrong, givenUp, direct, back }: Scene): Promise<void> {
  expect(wrong).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(2);
  for (const code of givenUp) expect(code).toMatch(/^blob_store_/);
  for (const { checkpoint, seen } of acknowledged) {
    for (const digest of await blobsOf(direct, checkpoint)) expect(await direct.has(digest)).toBe(true);
    await run(back, 'find . -mindepth 1 -delete');
    await restoreCheckpoint({ workspace: back, blobs: direct }, { target: checkpoint, before: null });
    expect(await run(back, look)).toBe(seen);
  }
}
