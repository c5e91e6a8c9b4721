import { spawnSync } from 'node:child_process';
import { rustToolchain } from '@devfactory/toolchain-rust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rustAsks, rustTree } from './liars/compiled.ts';
import { type Answer, VerifyStage } from './verify-stage.ts';

// Compiled again for each mutant: minutes, so not in every test run. Nothing is fetched.
const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const lacks = (command: string): string | null =>
  noSandbox ?? (spawnSync('which', [command]).status === 0 ? null : `no ${command} on this machine`);
const skipped = (reason: string | null): string => (reason === null ? '' : ` (skipped: ${reason})`);
const timeout = 1_200_000;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open({ toolchains: [rustToolchain()] });
});
afterAll(() => stage.close());

const said = ({ status, evidence, mutations }: Answer): unknown => ({
  status,
  story: [...evidence, ...mutations].map((item) => ('excerpt' in item ? item.excerpt : item.reason)),
});

describe.each([
  {
    language: 'Rust',
    reason: lacks('cargo'),
    tree: rustTree,
    good: rustAsks('assert_eq!(total(&[1, 2]), 3);'),
    blind: rustAsks('assert!(total(&[1, 2]) != 1234567);'),
  },
])('mutants of code in $language', ({ reason, tree, good, blind }) => {
  test.skipIf(reason !== null)(`are noticed by a good test${skipped(reason)}`, { timeout }, async () => {
    const answer = await stage.ask([{ spec: good, timeoutMs: 300_000 }], { tree, budgetMs: 600_000 });
    expect({ ...answer, told: said(answer) }).toMatchObject({
      status: 'proven',
      mutations: [{ outcome: 'judged', killed: 1 }],
    });
  });
  test.skipIf(reason !== null)(`go past a test that only calls${skipped(reason)}`, { timeout }, async () => {
    const answer = await stage.ask([{ spec: blind, timeoutMs: 300_000 }], { tree, budgetMs: 600_000 });
    expect({ ...answer, told: said(answer) }).toMatchObject({
      status: 'weak',
      mutations: [{ outcome: 'judged', killed: 0 }],
    });
  });
});
