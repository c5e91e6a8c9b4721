import { spawnSync } from 'node:child_process';
import { publicRegistries } from '@devfactory/kit';
import { javaToolchain } from '@devfactory/toolchain-java';
import { rustToolchain } from '@devfactory/toolchain-rust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { javaLies, rustLies } from './liars/compiled.ts';
import type { Work } from './liars/pairs.ts';
import { type Answer, VerifyStage } from './verify-stage.ts';

// Compiled again for each execution and each mutant: minutes, so not in every test run.
const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const lacks = (command: string): string | null =>
  noSandbox ?? (spawnSync('which', [command]).status === 0 ? null : `no ${command} on this machine`);
const central = `https://${publicRegistries.maven}/maven2/junit/junit/maven-metadata.xml`;
const reached = lacks('mvn') ?? ((await fetch(central).catch(() => null))?.ok ? null : 'Maven Central is out of reach');
const timeout = 1_800_000;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open({ toolchains: [javaToolchain(), rustToolchain()] });
});
afterAll(() => stage.close());

function answerTo({ asks, tree }: Work): Promise<Answer> {
  return stage.ask(
    asks.map((spec) => ({ spec, timeoutMs: 300_000 })),
    { tree, budgetMs: 900_000 },
  );
}
const told = ({ status, evidence, mutations }: Answer): unknown => ({
  status,
  story: [...evidence, ...mutations].map((item) => ('excerpt' in item ? item.excerpt : item.reason)),
});

describe.each([
  { language: 'Rust', reason: lacks('cargo'), lies: rustLies },
  { language: 'Java', reason: reached, lies: javaLies },
])('an agent that lies in $language', ({ reason, lies }) => {
  const skipped = reason === null ? '' : ` (skipped: ${reason})`;
  describe.skipIf(reason !== null).each(Object.entries(lies))(`when it %s${skipped}`, (_, { lie, twin }) => {
    test('proves nothing', { timeout }, async () => {
      const answer = await answerTo(lie);
      expect(answer.evidence.every(({ verdict }) => verdict !== 'inconclusive')).toBe(true);
      expect(told(answer)).not.toMatchObject({ status: 'proven' });
    });
    test('is told from its honest twin, which is proven', { timeout }, async () => {
      expect(told(await answerTo(twin))).toMatchObject({ status: 'proven' });
    });
  });
});
