import { workspaceDriverSuite } from '@devfactory/kit/testing';
import { describe } from 'vitest';
import { makeStage, noSandbox } from './testing/stage.ts';

describe.skipIf(noSandbox !== null)(`bubblewrap${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  workspaceDriverSuite('bwrap', async () => makeStage());
});
