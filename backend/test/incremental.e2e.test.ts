import { spawnSync } from 'node:child_process';
import { notProven, requirementViews, type CheckSpec, type RunState } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Factory } from './factory.ts';
import { compareOver, newTally } from './incremental.ts';
import { collect, VerifyStage } from './verify-stage.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const reason = noSandbox ?? noPytest;
const seed = Number(process.env['DEVFACTORY_SEED'] ?? 1);

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

const asks = (subject: string, body: string): CheckSpec => ({
  kind: 'test',
  toolchain: 'node',
  files: [
    {
      path: `test/${subject}.test.mjs`,
      content: `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { ${subject} } from '../src/${subject}.mjs';\ntest('${subject}', () => { ${body} });\n`,
    },
  ],
  tests: [`test/${subject}.test.mjs::${subject}`],
});

describe.skipIf(reason !== null)(
  `what is stale is asked again${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    test('only checks that see the changed file are executed again, and what is carried over says from where', async () => {
      const tree = {
        'package.json': '{ "type": "module" }',
        'src/price.mjs': 'export const price = (a) => a * 2;\n',
        'src/name.mjs': 'export const name = (a) => a.trim();\n',
        'src/unused.mjs': 'export const unused = 1;\n',
      };
      const checks = await Promise.all([
        stage.lock({ spec: asks('price', 'assert.equal(price(2), 4);') }, 1),
        stage.lock({ spec: asks('name', "assert.equal(name(' a '), 'a');") }, 2),
      ]);
      const first = await stage.checkpoint(tree, 'ck-1');
      const before = await collect(stage.verify({ checkpoint: first, checks }));
      expect(before.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
      const known = [...before];

      const second = await stage.checkpoint(
        { ...tree, 'src/price.mjs': 'export const price = (a) => a + 2;\n' },
        'ck-2',
      );
      const after = await stage.verifyAgain(second, checks, { known });
      expect(after).toMatchObject([
        { checkId: 'C-1', verdict: 'passed', checkpointId: 'ck-2' },
        {
          checkId: 'C-2',
          verdict: 'passed',
          checkpointId: 'ck-2',
          tree: second.tree,
          carriedFrom: { id: before[1]?.id, checkpointId: 'ck-1', tree: first.tree },
        },
      ]);
      expect(after[0]?.carriedFrom).toBeUndefined();
      // Data, manifests and whatever is no code are seen by all.
      const third = await stage.checkpoint({ ...tree, 'package.json': '{ "type": "module", "name": "x" }' }, 'ck-3');
      const all = await stage.verifyAgain(third, checks, { known });
      expect(all.map(({ carriedFrom }) => carriedFrom)).toEqual([undefined, undefined]);
    });

    test('a run that goes on with feedback executes what sees the change, and carries evidence and mutants of the rest over', async () => {
      const factory = await Factory.start();
      try {
        const write = (path: string, content: string) => ({ tool: 'write', input: { path, content } });
        const finish = { tool: 'finish', input: { summary: 'done' } };
        const wish = (subject: string, body: string) => ({
          text: `There is a ${subject}`,
          checks: [{ title: subject, spec: asks(subject, body) }],
        });
        const requirements = [
          wish('price', 'assert.equal(price(2), 4);'),
          wish('name', "assert.equal(name(' a '), 'a');"),
        ];
        const script = {
          plan: [{ calls: [{ tool: 'propose_requirements', input: { summary: '', requirements } }, finish] }],
          work: [
            {
              calls: [
                write('package.json', '{ "type": "module" }'),
                write('src/price.mjs', 'export const price = (a) => a * 2;\n'),
                write('src/name.mjs', 'export const name = (a) => a.trim();\n'),
                finish,
              ],
            },
            { calls: [write('src/price.mjs', 'export const price = (a) => a + 2;\n'), finish] },
          ],
        };
        const id = await factory.create({ prompt: 'two', agent: 'scripted', agentOptions: script });
        const inReview = ({ stage: at }: RunState): boolean => at.name === 'waiting' && at.for === 'review';
        await factory.until(id, ({ stage: at }) => at.name === 'waiting' && at.for === 'plan-approval');
        await factory.command(id, { do: 'approve-plan', version: 1 });
        const first = await factory.until(id, inReview, 120_000);
        expect(notProven(first)).toEqual([]);
        await factory.command(id, { do: 'feedback', text: 'Add, do not multiply.' });
        const second = await factory.until(id, (state) => inReview(state) && state.head !== first.head, 120_000);
        expect(notProven(second)).toEqual([]);
        const [price, name] = requirementViews(second).flatMap(({ checks }) => checks);
        expect(price?.latest?.carriedFrom).toBeUndefined();
        expect(name?.latest?.carriedFrom).toMatchObject({ checkpointId: first.head });
        expect(price?.mutation).toMatchObject({ outcome: 'judged', killed: 1 });
        expect(name?.mutation).toMatchObject({
          outcome: 'judged',
          killed: 1,
          durationMs: 0,
          checkpointId: second.head,
        });
      } finally {
        await factory.end();
      }
    }, 240_000);

    test('a test that finds its code by looking around sees all of the tree', async () => {
      const spec = asks('all', 'assert.equal(all(), 2);');
      const tree = {
        'package.json': '{ "type": "module" }',
        'src/all.mjs': "import { readdirSync } from 'node:fs';\nexport const all = () => readdirSync('src').length;\n",
        'src/other.mjs': '',
      };
      const checks = [await stage.lock({ spec }, 1)];
      const [evidence] = await collect(stage.verify({ checkpoint: await stage.checkpoint(tree, 'ck-1'), checks }));
      expect(evidence).toMatchObject({ verdict: 'passed', executions: 2 });
      expect(evidence?.inputs).toBeUndefined();
    });

    test('after random edits, what is carried over and what is executed say together what a whole verification says', async () => {
      const tally = newTally();
      await compareOver(stage, { seed, edits: 3, language: 'node', tally });
      expect(tally.differences).toEqual([]);
      expect(tally.carried).toBeGreaterThan(0);
    }, 120_000);
  },
);
