import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blindLies } from './liars/blind.ts';
import { nodeLies } from './liars/node.ts';
import type { Work } from './liars/pairs.ts';
import { pythonLies } from './liars/python.ts';
import { type Answer, VerifyStage } from './verify-stage.ts';

// Verifier, sandboxes and status are the real ones; what needs the whole factory is in liars.e2e.test.ts.
const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const reason = noSandbox ?? noPytest;
const pairs = Object.entries({ ...blindLies, ...pythonLies, ...nodeLies });
// Many sandboxes at once take their time on a busy machine.
const timeoutMs = 600_000;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

function answerTo({ asks, tree }: Work): Promise<Answer> {
  return stage.ask(
    asks.map((spec) => ({ spec, timeoutMs: 60_000 })),
    { tree },
  );
}
const story = ({ evidence, mutations }: Answer): string =>
  [...evidence, ...mutations].map((item) => ('excerpt' in item ? item.excerpt : item.reason)).join('\n');

describe.skipIf(reason !== null)(`an agent that lies${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  test.concurrent.each(pairs)(
    'proves nothing when it %s',
    async (_, { lie }) => {
      const answer = await answerTo(lie);
      expect(`${answer.status}: ${story(answer)}`).not.toMatch(/^proven/);
    },
    timeoutMs,
  );
  test.concurrent.each(pairs)(
    'is told from its honest twin, which is proven: %s',
    async (_, { twin }) => {
      const answer = await answerTo(twin);
      expect(`${answer.status}: ${story(answer)}`).toMatch(/^proven/);
    },
    timeoutMs,
  );
  test('tells more than thirty lies', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(30);
  });
});
