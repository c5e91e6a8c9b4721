import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '@devfactory/engine';
import { nodeToolchain } from '@devfactory/toolchain-node';
import { pythonToolchain } from '@devfactory/toolchain-python';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonShop, shopWorks } from './verify-fixtures.ts';
import { collect, VerifyStage } from './verify-stage.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const skipped = noSandbox === null ? '' : ` (skipped: ${noSandbox})`;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

describe.skipIf(noSandbox !== null)(`trouble of the machine is never an answer about the code${skipped}`, () => {
  test('a registry out of reach is inconclusive and says so', async () => {
    const far = await VerifyStage.open({
      runtimeDir: stage.runtimeDir,
      toolchains: [
        nodeToolchain({ registry: 'https://registry.invalid/' }),
        pythonToolchain({ index: 'https://index.invalid/simple/' }),
      ],
    });
    try {
      const answer = await far.ask([{ spec: shopWorks }], {
        tree: { ...pythonShop, 'requirements.txt': 'surely-not-installed-anywhere>=1\n' },
      });
      expect(answer.evidence[0]).toMatchObject({ verdict: 'inconclusive', cause: 'environment' });
      expect(answer.evidence[0]?.excerpt).toContain('registry could not be reached');
      expect(answer.status).toBe('failing');
    } finally {
      await far.close();
    }
  });
  test('a check whose bytes are gone is inconclusive', async () => {
    const check = await stage.lock({ spec: { kind: 'file', path: 'a.txt' } }, 1);
    const checkpoint = await stage.checkpoint({ 'a.txt': 'x' }, 'ck-9');
    const [evidence] = await collect(stage.verify({ checkpoint, checks: [{ ...check, spec: 'f'.repeat(64) }] }));
    expect(evidence).toMatchObject({ verdict: 'inconclusive', cause: 'environment' });
  });
  test.skipIf(process.getuid?.() !== 0)(
    'a data directory that sandboxes cannot use is inconclusive (seen as root only)',
    async () => {
      const closed = await mkdtemp(join(tmpdir(), 'devfactory-closed-'));
      const check = await stage.lock({ spec: { kind: 'command', argv: ['true'], expect: { exitCode: 0 } } }, 1);
      const checkpoint = await stage.checkpoint({ 'a.txt': 'x' }, 'ck-9');
      const deps = {
        driver: createBwrapDriver({ dataDir: join(closed, 'data') }),
        blobs: stage.blobs,
        toolchains: [],
      };
      const request = {
        runId: 'run_bbbbbbbbbbbbbbbb',
        verificationId: 'x',
        checkpoint,
        onBase: false,
        checks: [{ check, requirementVersion: 1 }],
      };
      const [evidence] = await collect(verify(deps, request, new AbortController().signal));
      await rm(closed, { recursive: true, force: true });
      expect(evidence).toMatchObject({ verdict: 'inconclusive', cause: 'environment' });
      expect(evidence?.excerpt).toContain('chmod');
    },
  );
  test('time that runs out on a busy machine is no answer: the check is asked once more, with as much more time', async () => {
    const checks = await Promise.all(
      [2.5, 600].map((seconds, index) =>
        stage.lock(
          {
            spec: {
              kind: 'command',
              argv: ['/bin/sh', '-c', `sleep ${seconds}; echo done`],
              expect: { exitCode: 0, stdoutIncludes: ['done'] },
            },
            timeoutMs: 1000,
          },
          index + 1,
        ),
      ),
    );
    const checkpoint = await stage.checkpoint({ 'a.txt': 'x' }, 'ck-9');
    const verdicts = async (slowness: number): Promise<(string | null)[]> => {
      const request = {
        runId: 'run_cccccccccccccccc',
        verificationId: `slow-${slowness}`,
        checkpoint,
        onBase: false,
        checks: checks.map((check) => ({ check, requirementVersion: 1 })),
      };
      const deps = { driver: stage.driver, blobs: stage.blobs, toolchains: [], slowness: () => slowness };
      const evidence = await collect(verify(deps, request, new AbortController().signal));
      return evidence.map(({ verdict, cause }) => cause ?? verdict);
    };
    expect(await verdicts(1)).toEqual(['timeout', 'timeout']);
    expect(await verdicts(8)).toEqual(['passed', 'timeout']);
  }, 120_000);
  test('an interrupted verification ends soon and leaves no sandbox', async () => {
    const check = await stage.lock(
      { spec: { kind: 'command', argv: ['sleep', '600'], expect: { exitCode: 0 } }, timeoutMs: 600_000 },
      1,
    );
    const checkpoint = await stage.checkpoint({ 'a.txt': 'x' }, 'ck-9');
    const abort = new AbortController();
    const collecting = collect(stage.verify({ checkpoint, checks: [check], signal: abort.signal }));
    await expect
      .poll(async () => (await stage.driver.list()).some((id) => id.endsWith('c-1-1')), { timeout: 20_000 })
      .toBe(true);
    abort.abort();
    await expect(collecting).rejects.toMatchObject({ code: 'verification_interrupted' });
    expect((await stage.driver.list()).filter((id) => id.startsWith('v-'))).toEqual([]);
  });
});

test.skipIf(noSandbox !== null)(`no verification left a sandbox behind${skipped}`, async () => {
  expect((await stage.driver.list()).filter((id) => !id.startsWith('d-run-'))).toEqual([]);
});
