import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { command } from './timing.ts';

/** Another way to keep the state of a folder. */
export interface Rival {
  readonly name: string;
  /** Where it stores. */
  readonly store: string;
  begin(): Promise<void>;
  keep(): Promise<void>;
}

/** `git add -A` and `git write-tree` into a repository beside the folder, with no settings of this machine's. */
export function gitRival(folder: string, store: string): Rival {
  const env = {
    GIT_DIR: store,
    GIT_WORK_TREE: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  return {
    name: 'git add -A, write-tree',
    store,
    begin: () => command(['git', 'init', '-q'], { env }),
    keep: async () => {
      await command(['git', '-C', folder, 'add', '-A'], { env });
      await command(['git', 'write-tree'], { env });
    },
  };
}

/** restic, where it is installed; null elsewhere. */
export function resticRival(folder: string, store: string): Rival | null {
  if (!isInstalled('restic')) return null;
  const env = {
    RESTIC_REPOSITORY: store,
    RESTIC_PASSWORD: 'bench',
    RESTIC_CACHE_DIR: join(store, '..', 'restic-cache'),
  };
  return {
    name: 'restic backup',
    store,
    begin: () => command(['restic', 'init', '-q'], { env }),
    keep: () => command(['restic', 'backup', '-q', folder], { env }),
  };
}

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
