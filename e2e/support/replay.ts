import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Told runs of sizes that no run would reach in a test's time, served with the built console by `frontend/test/replay`. */
export interface Replay {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Ids of the told runs that tests look at; see frontend/test/replay/stories.ts. */
export const told = { long: `run_${'l'.repeat(16)}`, broad: `run_${'b'.repeat(16)}` } as const;

export async function startReplay(): Promise<Replay> {
  const program = join(import.meta.dirname, '..', '..', 'frontend', 'test', 'replay', 'main.ts');
  const child = spawn(process.execPath, ['--conditions=devfactory-source', program, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url: new URL(String(line)).origin,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
