import { spawnSync } from 'node:child_process';
import { nodeToolchain } from '@devfactory/toolchain-node';
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
    reason !== null || long || project.registry === null ? skipped : ' (skipped: npm run test:long runs it)';
  test.skipIf(later !== '')(`is not taken for proven when it lies${later}`, { timeout: 600_000 }, async () => {
    const { evidence } = await stage.ask(questions, { tree: { ...project.tree, ...project.lie }, base: null });
    expect(evidence.map(({ verdict }) => verdict)).toEqual(evidence.map(() => 'failed'));
  });
});

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

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
