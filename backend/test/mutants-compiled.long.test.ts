import { spawnSync } from 'node:child_process';
import type { CheckSpec } from '@devfactory/contracts';
import { rustToolchain } from '@devfactory/toolchain-rust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Tree, VerifyStage } from './verify-stage.ts';

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

const rustTree: Tree = {
  'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs':
    'pub fn total(prices: &[i64]) -> i64 {\n    let mut sum = 0;\n    for price in prices {\n        sum += price;\n    }\n    if prices.len() > 100 {\n        return -1;\n    }\n    sum\n}\n',
};
const rustAsks = (body: string): CheckSpec => ({
  kind: 'test',
  toolchain: 'rust',
  files: [{ path: 'tests/price.rs', content: `use shop::total;\n\n#[test]\nfn adds() {\n    ${body}\n}\n` }],
  tests: ['tests/price.rs::adds'],
});

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

const cargo = lacks('cargo');
const target = 'x86_64-unknown-linux-gnu';
const asksRust = rustAsks('assert_eq!(total(&[1, 2]), 3);');
const wrong: Tree = {
  ...rustTree,
  'src/lib.rs': 'pub fn total(prices: &[i64]) -> i64 {\n    prices.len() as i64 + 40\n}\n',
};

describe.each([
  {
    lie: 'a runner that passes whatever it runs',
    config: `[target.${target}]\nrunner = ["sh", "-c", "echo 'test adds ... ok'; exit 0"]\n`,
    honest: `[target.${target}]\nrustflags = ["-C", "debuginfo=0"]\n`,
  },
])('a Cargo configuration with $lie', ({ config, honest }) => {
  test.skipIf(cargo !== null)(`proves nothing${skipped(cargo)}`, { timeout }, async () => {
    const tree = { ...wrong, '.cargo/config.toml': config };
    const { evidence } = await stage.ask([{ spec: asksRust, timeoutMs: 300_000 }], { tree, base: null });
    expect(evidence[0]?.verdict).toBe('failed');
  });
  test.skipIf(cargo !== null)(`is told from an honest one${skipped(cargo)}`, { timeout }, async () => {
    const tree = { ...rustTree, '.cargo/config.toml': honest };
    const { evidence } = await stage.ask([{ spec: asksRust, timeoutMs: 300_000 }], { tree, base: null });
    expect(evidence[0]).toMatchObject({ verdict: 'passed', executions: 2 });
  });
});
