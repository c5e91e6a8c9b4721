import { spawnSync } from 'node:child_process';
import type { CheckSpec } from '@devfactory/contracts';
import { groundworkFolder, type Project, type Toolchain } from '@devfactory/kit';
import { nodeToolchain } from '@devfactory/toolchain-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect, VerifyStage } from './verify-stage.ts';

const reason = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const sh = (script: string) => ({ argv: ['/bin/sh', '-c', `set -e\n${script}`], timeoutMs: 60_000 });
const ground = groundworkFolder('tiny');

/** Its installation tries to change what the next one finds, and its build looks for the way there. */
const project: Project = {
  toolchain: 'tiny',
  title: 'Tiny',
  install: [
    sh(`mkdir -p .devfactory/tiny
cp ${ground}/made .devfactory/tiny/made
for lie in 'echo lie > ${ground}/made' 'echo lie > ${ground}/more' 'rm ${ground}/made' 'chmod u+w ${ground}'; do
  if sh -c "$lie" 2>/dev/null; then echo "$lie" succeeded; exit 1; fi
done`),
  ],
  manifests: ['tiny.txt'],
  dependencyPaths: ['.devfactory/tiny'],
  binPaths: [],
  registryHosts: [],
  build: [sh('test ! -e /mnt/ground\ncp .devfactory/tiny/made made.txt')],
  serve: () => null,
};
const tiny: Toolchain = {
  ...nodeToolchain(),
  id: 'tiny',
  marks: [],
  detect: async ({ paths }) => (paths.includes('tiny.txt') ? project : null),
  groundwork: {
    madeOf: sh('echo 1'),
    make: sh(`test -z "$(ls -A)"\nmkdir cache\ncat /proc/sys/kernel/random/uuid > cache/made`),
    path: 'cache',
  },
};

describe.skipIf(reason !== null)(
  `what a toolchain makes once${reason === null ? '' : ` (not here: ${reason})`}`,
  () => {
    let stage: VerifyStage;
    beforeAll(async () => {
      stage = await VerifyStage.open({ toolchains: [tiny] });
    });
    afterAll(() => stage.close());

    const verdictOf = async (spec: CheckSpec, runId: string) => {
      const checkpoint = await stage.checkpoint({ 'tiny.txt': 'tiny' }, 'ck-1');
      const checks = [await stage.lock({ spec, timeoutMs: 60_000 }, 1)];
      const [evidence] = await collect(stage.verify({ checkpoint, checks, runId }));
      return { verdict: evidence?.verdict, excerpt: evidence?.excerpt };
    };

    test('is the same for every run, which can look at it while it installs and change nothing', async () => {
      const saysIt: CheckSpec = {
        kind: 'command',
        argv: ['/bin/cat', 'made.txt'],
        expect: { exitCode: 0, stdoutIncludes: ['-'] },
      };
      expect(await verdictOf(saysIt, 'run_bbbbbbbbbbbbbbbb')).toEqual({
        verdict: 'passed',
        excerpt: expect.any(String),
      });
      const [id = ''] = (await stage.driver.list()).filter((name) => name.startsWith('ground-'));
      const limits = { memoryBytes: 1e9, processes: 100, cpus: 1, diskBytes: 1e9, files: 1e4, tmpBytes: 1e7 };
      const workspace = await stage.driver.open({ id, limits, egress: [] });
      const made = Buffer.from(await workspace.files.read('cache/made'))
        .toString()
        .trim();
      await workspace.close();
      const saysThat: CheckSpec = { ...saysIt, expect: { exitCode: 0, stdoutIncludes: [made] } };
      expect(await verdictOf(saysThat, 'run_cccccccccccccccc')).toEqual({
        verdict: 'passed',
        excerpt: expect.any(String),
      });
    }, 120_000);
  },
);
