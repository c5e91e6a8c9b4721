import { spawnSync } from 'node:child_process';
import { describe, test } from 'vitest';
import { endure } from './azure-faults.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
/** Fewer for a first look. */
const wanted = Number(process.env['DEVFACTORY_FAULTS'] ?? 1000);

describe.skipIf(noSandbox !== null)(
  `a thousand faults on the way to Azure${noSandbox ? ` (${noSandbox})` : ''}`,
  () => {
    test('lose no checkpoint that was acknowledged, and restore none wrong', async () => {
      await endure({ wanted, kinds: 8, seed: 42 });
    }, 1_200_000);
  },
);
