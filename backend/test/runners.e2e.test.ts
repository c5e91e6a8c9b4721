import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { CheckSpec } from '@devfactory/contracts';
import { mutate, verify } from '@devfactory/engine';
import { runnerFolder, type WorkspaceDriver } from '@devfactory/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, VerifyStage } from './verify-stage.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const skipped = noSandbox === null ? '' : ` (skipped: ${noSandbox})`;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

/** Passes where the runner's folder has its own control and not the other's. */
const asks = (own: string, other: string): CheckSpec => {
  const path = `test/${own}.test.mjs`;
  const content = `import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ${own} } from '../src/shop.mjs';

test('${own}', () => {
  const files = readdirSync('${runnerFolder}');
  const all = files.map((name) => readFileSync('${runnerFolder}/' + name, 'utf8')).join();
  assert.ok(all.includes('"${own}"') && !all.includes('"${other}"') && files.includes('runner.mjs'));
  assert.equal(${own}(2), 4);
});
`;
  return { kind: 'test', toolchain: 'node', files: [{ path, content }], tests: [`${path}::${own}`] };
};

test.skipIf(noSandbox !== null)(
  `runners of many tests are laid down at once, and each test sees its own alone${skipped}`,
  { timeout: 120_000 },
  async () => {
    const opened: string[] = [];
    const driver: WorkspaceDriver = {
      id: stage.driver.id,
      probe: () => stage.driver.probe(),
      remove: (id) => stage.driver.remove(id),
      list: () => stage.driver.list(),
      open: (spec) => {
        opened.push(spec.id);
        return stage.driver.open(spec);
      },
    };
    const deps = { driver, blobs: stage.blobs, toolchains: stage.toolchains };
    const checks = await Promise.all([
      stage.lock({ spec: asks('double', 'square') }, 1),
      stage.lock({ spec: asks('square', 'double') }, 2),
    ]);
    const base = await stage.checkpoint({ 'package.json': '{ "type": "module" }' }, 'ck-0');
    const checkpoint = await stage.checkpoint(
      {
        'package.json': '{ "type": "module" }',
        'src/shop.mjs': 'export const double = (a) => a * 2;\nexport const square = (a) => a * a;\n',
      },
      'ck-1',
    );
    const signal = new AbortController().signal;
    const runId = 'run_dddddddddddddddd';
    const entries = checks.map((check) => ({ check, requirementVersion: 1 }));
    const request = { runId, verificationId: randomUUID(), checkpoint, onBase: false, checks: entries };
    const evidence = await collect(verify(deps, request, signal));
    expect(evidence.map(({ verdict, excerpt }) => ({ verdict, excerpt }))).toMatchObject([
      { verdict: 'passed' },
      { verdict: 'passed' },
    ]);
    const runners = (): number => opened.filter((id) => /-r-[0-9a-f]+$/.test(id)).length;
    expect(runners()).toBe(1);
    const asked = { runId, id: randomUUID(), base, checkpoint, checks, budgetMs: 60_000 };
    for await (const mutation of mutate(deps, asked, signal))
      expect(mutation).toMatchObject({ outcome: 'judged', killed: 1 });
    expect(runners()).toBe(2);
  },
);
