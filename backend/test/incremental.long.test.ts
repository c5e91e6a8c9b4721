import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareOver, newTally } from './incremental.ts';
import { VerifyStage } from './verify-stage.ts';

// Each course asks one of its plan's five checks after each edit, on the whole and from what is known: a thousand pairs of verdicts.
const courses = [
  { language: 'node', asked: 0, share: 0.3 },
  { language: 'node', asked: 2, share: 0.3 },
  { language: 'node', asked: 3, share: 0.3 },
  { language: 'python', asked: 1, share: 0.1 },
] as const;
const edits = Number(process.env['DEVFACTORY_EDITS'] ?? 1000);
const seed = Number(process.env['DEVFACTORY_SEED'] ?? 1);
const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const reason = noSandbox ?? noPytest;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

test.skipIf(reason !== null)(
  `a thousand random edits are judged as if everything were executed again${reason === null ? '' : ` (skipped: ${reason})`}`,
  { timeout: 4 * 3_600_000 },
  async () => {
    const tally = newTally();
    const told = (): void => {
      if (tally.edits % 25 === 0) process.stdout.write(`${JSON.stringify(tally)}\n`);
    };
    await Promise.all(
      courses.map(({ language, asked, share }, index) =>
        compareOver(stage, { seed: seed + index, edits: Math.round(edits * share), language, tally, asked, told }),
      ),
    );
    process.stdout.write(`${JSON.stringify(tally)}\n`);
    expect(tally.differences).toEqual([]);
    expect(tally.edits).toBe(edits);
    expect(tally.carried).toBeGreaterThan(edits / 10);
  },
);
