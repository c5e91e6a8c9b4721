import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Checkpoint } from '@devfactory/contracts';
import type { BlobStore, Workspace } from '@devfactory/kit';
import { createMemoryBlobStore } from '@devfactory/kit/testing';
import { openFolderWorkspace } from './folder-workspace.ts';

export interface OpenFolder {
  readonly root: string;
  readonly workspace: Workspace;
}

/** Folders and blobs of one test. */
export class Stage {
  readonly directory = mkdtempSync(join(tmpdir(), 'df-engine-'));
  readonly blobs = createMemoryBlobStore();

  open(name: string): OpenFolder {
    const root = join(this.directory, name);
    mkdirSync(root, { recursive: true });
    return { root, workspace: openFolderWorkspace(root, name) };
  }

  dispose(): void {
    execFileSync('chmod', ['-R', 'u+rwx', this.directory]);
    rmSync(this.directory, { recursive: true });
  }
}

export function put(root: string, path: string, content: string | Buffer = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Waits until the clock of files has gone on, so that what was put before is told from what comes after by its time. */
export async function nextTick(root: string): Promise<void> {
  const probe = join(root, '..', 'clock');
  const ctime = (): number => {
    writeFileSync(probe, '');
    return statSync(probe).ctimeMs;
  };
  const begun = ctime();
  while (ctime() < begun + 30) await setImmediate();
}

type Keep = (
  deps: { readonly workspace: Workspace; readonly blobs: BlobStore },
  request: Pick<Checkpoint, 'id' | 'label' | 'reason' | 'step'> & { readonly previous: Checkpoint | null },
) => Promise<Checkpoint>;

/** Short for the requests of tests, which differ by number only. */
export function numbered(make: Keep, blobs: BlobStore) {
  return (workspace: Workspace, number: number, previous: Checkpoint | null = null): Promise<Checkpoint> =>
    make(
      { workspace, blobs },
      { id: `ck-${number}`, label: 'test', reason: number === 0 ? 'base' : 'step', step: null, previous },
    );
}

/** Numbers that look random and are the same each time. */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
