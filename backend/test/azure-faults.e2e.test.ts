import { spawnSync } from 'node:child_process';
import { describe, test } from 'vitest';
import { endure } from './azure-faults.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

// The long suite has a thousand.
describe.skipIf(noSandbox !== null)(`some faults on the way to Azure${noSandbox ? ` (${noSandbox})` : ''}`, () => {
  test('lose no checkpoint that was acknowledged, and restore none wrong', async () => {
    await endure({ wanted: 40, kinds: 5, seed: 8 });
  }, 180_000);
});
