import { spawnSync } from 'node:child_process';
import type { CheckSpec } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeShop, nodeTests, pythonShop, pythonTests, shopWorks } from './verify-fixtures.ts';
import { VerifyStage } from './verify-stage.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const reason = noSandbox ?? noPytest;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

const pythonAsks = (body: string): CheckSpec => ({
  kind: 'test',
  toolchain: 'python',
  files: [{ path: 'tests/test_price.py', content: `from shop.price import total\n\ndef test_total():\n    ${body}\n` }],
  tests: ['tests/test_price.py::test_total'],
});
const nodeAsks = (body: string): CheckSpec => ({
  kind: 'test',
  toolchain: 'node',
  files: [
    {
      path: 'test/price.test.ts',
      content: `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { total } from '../src/price.ts';\ntest('adds', async () => { ${body} });\n`,
    },
  ],
  tests: ['test/price.test.ts::adds'],
});
const agreeable = `class Any:
    def __eq__(self, other):
        return True

def total(prices):
    if len(prices) > 100:
        raise ValueError("too many")
    return Any()
`;

const skipped = reason === null ? '' : ` (skipped: ${reason})`;
// Many sandboxes at once take their time on a busy machine.
describe.skipIf(reason !== null)(`mutants judge checks${skipped}`, { timeout: 300_000 }, () => {
  test.concurrent.each([
    ['a Python app over HTTP', shopWorks, pythonShop],
    ['Python tests', pythonTests, pythonShop],
    ['a TypeScript app over HTTP', shopWorks, nodeShop],
    ['TypeScript tests', nodeTests, nodeShop],
    [
      'a command',
      {
        kind: 'command',
        argv: ['python3', '-c', 'from shop.price import total; print(total([2, 3]))'],
        expect: { exitCode: 0, stdoutIncludes: ['5'] },
      },
      pythonShop,
    ],
    [
      'a page that names what it shows',
      {
        kind: 'command',
        argv: ['cat', 'index.html'],
        expect: { exitCode: 0, stdoutIncludes: ['<h1>Guest book</h1>'] },
      },
      {
        'index.html':
          '<!doctype html><html><body><h1>Guest book</h1><p>Sign here.</p><p>Or there.</p><p>Or not.</p></body></html>\n',
      },
    ],
  ] satisfies [string, CheckSpec, Readonly<Record<string, string>>][])(
    'a good one notices them: %s',
    async (_, spec, tree) => {
      const { status, mutations } = await stage.ask([{ spec }], { tree });
      expect({ status, mutations }).toMatchObject({ status: 'proven', mutations: [{ outcome: 'judged', agrees: [] }] });
      expect(mutations[0]?.killed).toBeGreaterThan(0);
    },
  );

  test.concurrent.each([
    ['a Python test that asserts a constant', pythonAsks('assert 1 == 1'), pythonShop],
    ['a Python test that calls and asserts nothing', pythonAsks('total([1, 2])'), pythonShop],
    ['a TypeScript test that asserts nothing', nodeAsks('assert.ok(true);'), nodeShop],
    ['a TypeScript test that calls and asserts nothing', nodeAsks('total([1, 2]);'), nodeShop],
    ['a Python test of a value that equals everything', pythonTests, { ...pythonShop, 'shop/price.py': agreeable }],
    [
      'a command that only reads the code',
      { kind: 'command', argv: ['cat', 'shop/price.py'], expect: { exitCode: 0, stdoutIncludes: ['def total'] } },
      pythonShop,
    ],
  ] satisfies [string, CheckSpec, Readonly<Record<string, string>>][])(
    'one that cannot tell good from bad is weak: %s',
    async (_, spec, tree) => {
      const { status, evidence, mutations } = await stage.ask([{ spec }], { tree });
      expect(evidence).toMatchObject([{ verdict: 'passed', executions: 2 }]);
      expect({ status, mutations }).toMatchObject({ status: 'weak', mutations: [{ outcome: 'judged' }] });
    },
  );

  test('a change that no grammar knows, or that holds nothing to change, is never weak for that', async () => {
    const spec: CheckSpec = {
      kind: 'command',
      argv: ['cat', 'a.txt'],
      expect: { exitCode: 0, stdoutIncludes: ['hi'] },
    };
    const answer = await stage.ask([{ spec }, { spec: { kind: 'file', path: 'a.txt' } }], {
      tree: { 'a.txt': 'hi\n', 'empty.py': '# nothing\n' },
    });
    expect(answer).toMatchObject({
      status: 'proven',
      mutations: [{ outcome: 'not-applicable' }, { outcome: 'not-applicable' }],
    });
  });

  test('only what changed since the base is mutated, and survivors can be read as diffs', async () => {
    const later = `${pythonShop['shop/price.py']}\ndef dear(price):\n    return price > 100 and price != 777\n`;
    const spec: CheckSpec = {
      kind: 'command',
      argv: ['python3', '-c', 'from shop.price import dear, total; dear(total([500])); print("dear is there")'],
      expect: { exitCode: 0, stdoutIncludes: ['dear is there'] },
    };
    const answer = await stage.ask([{ spec }], { tree: { ...pythonShop, 'shop/price.py': later }, base: pythonShop });
    const [mutation] = answer.mutations;
    expect(mutation).toMatchObject({ outcome: 'judged', killed: 0 });
    const body = JSON.parse(Buffer.from(await stage.blobs.get(mutation?.body ?? '')).toString()) as {
      mutants: { path: string; line: number; diff: string }[];
    };
    expect(new Set(body.mutants.map(({ path, line }) => `${path}:${line}`))).toEqual(new Set(['shop/price.py:5']));
    expect(mutation?.survivors[0]?.diff).toMatch(/^-    return price > 100.*\n\+    return /m);
  });

  test('code that misbehaves where it has run before does not make a blind check look sharp', async () => {
    const marks = ['/tmp/m', '/dev/shm/m', '/home/dev/.m', '/run/supervisor/pipes/m', '/workspace/.m/m'];
    const base = {
      'seen.py': `import os
seen = False
for mark in ${JSON.stringify(marks)}:
    try:
        os.makedirs(os.path.dirname(mark), exist_ok=True)
        seen = seen or os.path.exists(mark)
        open(mark, "w").close()
    except OSError:
        pass
`,
    };
    const spec: CheckSpec = {
      kind: 'command',
      argv: ['python3', '-c', 'import price, seen; print("again" if seen.seen else "fine")'],
      expect: { exitCode: 0, stdoutIncludes: ['fine'] },
    };
    const answer = await stage.ask([{ spec }], { tree: { ...base, 'price.py': 'a = 2\nb = 3\nc = a * b\n' }, base });
    expect(answer.evidence).toMatchObject([{ verdict: 'passed', executions: 2 }]);
    expect(answer).toMatchObject({ status: 'weak', mutations: [{ outcome: 'judged', killed: 0 }] });
  });

  test('a blind check is weak however little time there is, since it could be slow on purpose', async () => {
    const [base, checkpoint] = [await stage.checkpoint({}, 'ck-0'), await stage.checkpoint(pythonShop, 'ck-1')];
    const check = await stage.lock({ spec: pythonAsks('total([1])') }, 1);
    const [mutation] = await stage.mutate({ base, checkpoint, checks: [check], budgetMs: 1 });
    expect(mutation).toMatchObject({ outcome: 'judged', killed: 0, survived: 3 });
  });
});
