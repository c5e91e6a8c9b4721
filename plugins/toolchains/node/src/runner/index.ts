import type { CheckFile } from '@devfactory/contracts';
import { controlsSource } from './controls-source.ts';
import { jestSetupSource, jestSource } from './jest-source.ts';
import { lock, lockSource } from './lock-source.ts';
import { mochaSource } from './mocha-source.ts';
import { nodeSource } from './node-source.ts';
import { runnerSource } from './runner-source.ts';
import { vitestSource } from './vitest-source.ts';

/** The runner's files, with controls for the tests of each file, in its order. */
export function runnerFilesFor(idsByFile: readonly (readonly string[])[]): readonly CheckFile[] {
  return [
    { path: 'runner.mjs', content: runnerSource },
    { path: 'node.mjs', content: nodeSource },
    { path: 'vitest.mjs', content: vitestSource },
    { path: 'jest.mjs', content: jestSource },
    { path: 'jest-setup.cjs', content: jestSetupSource(lock) },
    { path: 'mocha.mjs', content: mochaSource },
    { path: 'lock.mjs', content: lockSource },
    ...idsByFile.map((ids, index) => ({ path: `controls-${index}.mjs`, content: controlsSource(ids) })),
  ];
}
