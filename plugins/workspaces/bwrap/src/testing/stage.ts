import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkspaceDriver } from '@devfactory/kit';
import { createBwrapDriver } from '../index.ts';
import type { BwrapOptions } from '../index.ts';

/** Why real sandboxes cannot be tested here; null where they can. */
export const noSandbox: string | null =
  spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

export interface Stage {
  readonly dataDir: string;
  readonly driver: WorkspaceDriver;
  dispose(): Promise<void>;
}

/** A driver on a data directory of its own. Node and the supervisor are laid out once for all of them. */
export function makeStage(options: Partial<BwrapOptions> = {}): Stage {
  const dataDir = mkdtempSync(join(tmpdir(), 'devfactory-bwrap-'));
  const driver = createBwrapDriver({ dataDir, ...options });
  return {
    dataDir,
    driver,
    dispose: async () => {
      for (const id of await driver.list()) await driver.remove(id);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
