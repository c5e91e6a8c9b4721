import { spawnSync } from 'node:child_process';
import { nodeToolchain } from '@devfactory/toolchain-node';
import { pythonToolchain } from '@devfactory/toolchain-python';
import { webToolchain } from '@devfactory/toolchain-web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answers, compiledProjects, type CompiledProject, lacking } from './compiled-projects.ts';
import { collect, VerifyStage } from './verify-stage.ts';

const reaches = async (url: string): Promise<boolean> =>
  fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );
const reasonOf = async (project: CompiledProject): Promise<string | null> => {
  if (spawnSync('bwrap', ['--version']).status !== 0) return 'bubblewrap is not installed';
  if (project.registry !== null && !(await reaches(project.registry))) return `${project.registry} is out of reach`;
  return lacking(project);
};
const reasons = new Map(
  await Promise.all(compiledProjects.map(async (project) => [project, await reasonOf(project)] as const)),
);

/** Compiled once more for each check, a lie costs a minute a language: what a toolchain's own suite tells of liars is run each time. */
const long = process.env['DEVFACTORY_LONG'] === '1';

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open({ toolchains: compiledProjects.map(({ toolchain }) => toolchain) });
});
afterAll(() => stage.close());

describe.each([...compiledProjects])('$name', (project) => {
  const reason = reasons.get(project) ?? null;
  const skipped = reason === null ? '' : ` (skipped: ${reason})`;
  const questions = project.checks.map((spec) => ({ spec, timeoutMs: 180_000 }));

  test.skipIf(reason !== null)(
    `is prepared with its registry alone and proven without any network${skipped}`,
    { timeout: 600_000 },
    async () => {
      const checks = await Promise.all(questions.map((question, index) => stage.lock(question, index + 1)));
      const verification = stage.verify({ checkpoint: await stage.checkpoint(project.tree, 'ck-1'), checks });
      const evidence = await collect(verification);
      expect(evidence.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      expect(verification.egress().filter(({ allowed }) => !allowed)).toEqual([]);
    },
  );
  const later =
    reason !== null || long || ['cpp', 'web'].includes(project.toolchain.id)
      ? skipped
      : ' (skipped: npm run test:long runs it)';
  test.skipIf(later !== '')(`is not taken for proven when it lies${later}`, { timeout: 600_000 }, async () => {
    const { evidence } = await stage.ask(questions, { tree: { ...project.tree, ...project.lie }, base: null });
    expect(evidence.map(({ verdict }) => verdict)).toEqual(evidence.map(() => 'failed'));
  });
});

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const noMixed = noSandbox ?? noPytest;

test.skipIf(noMixed !== null)(
  `projects in folders of one tree are built, started and tested where they lie${noMixed === null ? '' : ` (skipped: ${noMixed})`}`,
  { timeout: 180_000 },
  async () => {
    const mixed = await VerifyStage.open({ toolchains: [nodeToolchain(), pythonToolchain(), webToolchain()] });
    try {
      const tree = {
        'README.md': 'two projects',
        'shop/package.json':
          '{ "type": "module", "scripts": { "build": "cp price.js built.js", "start": "node main.js" } }',
        'shop/price.js': 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n',
        'shop/main.js':
          "import { createServer } from 'node:http';\nimport { total } from './built.js';\ncreateServer((_, answer) => answer.end(`total ${total([20, 22])}`)).listen(process.env.PORT, process.env.HOST);\n",
        'lib/stats/requirements.txt': '',
        'lib/stats/src/mean.py': 'def mean(numbers):\n    return sum(numbers) / len(numbers)\n',
      };
      const [node, python] = ['shop/test/price.test.js', 'lib/stats/tests/test_mean.py'];
      const questions = [
        { spec: answers('total 42') },
        {
          spec: {
            kind: 'test' as const,
            toolchain: 'node',
            files: [
              {
                path: node,
                content:
                  "import assert from 'node:assert';\nimport test from 'node:test';\nimport { total } from '../price.js';\ntest('adds', () => assert.equal(total([1, 2]), 3));\n",
              },
            ],
            tests: [`${node}::adds`],
          },
        },
        {
          spec: {
            kind: 'test' as const,
            toolchain: 'python',
            files: [
              { path: python, content: 'from mean import mean\n\ndef test_mean():\n    assert mean([1, 3]) == 2\n' },
            ],
            tests: [`${python}::test_mean`],
          },
        },
      ];
      const verdicts = async (changed: Record<string, string>) =>
        (await mixed.ask(questions, { tree: { ...tree, ...changed }, base: null })).evidence.map(
          ({ verdict, excerpt }) => ({ verdict, excerpt }),
        );
      expect(await verdicts({})).toMatchObject(questions.map(() => ({ verdict: 'passed' })));
      const wrong = {
        'shop/price.js': 'export const total = () => 7;\n',
        'lib/stats/src/mean.py': 'def mean(_):\n    return 7\n',
      };
      expect(await verdicts(wrong)).toMatchObject(questions.map(() => ({ verdict: 'failed' })));
    } finally {
      await mixed.close();
    }
  },
);

test.skipIf(noSandbox !== null)(
  `of several kinds the one that the project names is started${noSandbox === null ? '' : ` (skipped: ${noSandbox})`}`,
  { timeout: 120_000 },
  async () => {
    const mixed = await VerifyStage.open({ toolchains: [nodeToolchain(), webToolchain()] });
    try {
      const tree = {
        'server.mjs':
          "import { createServer } from 'node:http';\ncreateServer((_, answer) => answer.end('by Node')).listen(process.env.PORT, process.env.HOST);\n",
        'index.html': 'as a page',
      };
      const asks = [{ spec: answers('by Node') }];
      const plain = await mixed.ask(asks, { tree, base: null });
      const named = await mixed.ask([{ spec: answers('as a page') }], {
        tree: { ...tree, 'devfactory.json': '{"toolchain":"web"}' },
        base: null,
      });
      expect(
        [...plain.evidence, ...named.evidence].map(({ verdict, excerpt }) => ({ verdict, excerpt })),
      ).toMatchObject([{ verdict: 'passed' }, { verdict: 'passed' }]);
    } finally {
      await mixed.close();
    }
  },
);
