import { spawnSync } from 'node:child_process';
import type { CheckSpec } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeShop, nodeTests, pythonShop, pythonTests, shopWorks } from './verify-fixtures.ts';
import { type Tree, VerifyStage } from './verify-stage.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const noPytest =
  spawnSync('/usr/bin/python3', ['-c', 'import pytest']).status === 0 ? null : 'no python3-pytest on this machine';
const skipped = (reason: string | null): string => (reason === null ? '' : ` (skipped: ${reason})`);

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open();
});
afterAll(() => stage.close());

describe.skipIf(noSandbox !== null)(`honest work is proven${skipped(noSandbox)}`, () => {
  test('a Python app over HTTP, with a restart', async () => {
    const answer = await stage.ask([{ spec: shopWorks }], { tree: pythonShop });
    expect(answer.evidence[0]).toMatchObject({ verdict: 'passed', cause: null, vantage: 'outside', executions: 2 });
    expect(answer.base[0]).toMatchObject({ verdict: 'failed', cause: 'absent', onBase: true });
    expect(answer.status).toBe('proven');
  });
  test('a TypeScript app over HTTP, with its tests', async () => {
    const answer = await stage.ask([{ spec: shopWorks }, { spec: nodeTests }], { tree: nodeShop });
    expect(answer).toMatchObject({ evidence: [{ verdict: 'passed' }, { verdict: 'passed' }] });
    expect(answer.status).toBe('proven');
  });
  test.skipIf(noPytest !== null)(`Python tests${skipped(noPytest)}`, async () => {
    const answer = await stage.ask([{ spec: pythonTests }], { tree: pythonShop });
    expect(answer.evidence[0]?.tests).toEqual([
      { id: 'tests/test_price.py::test_total', outcome: 'passed' },
      { id: 'tests/test_price.py::test_nothing', outcome: 'passed' },
    ]);
    expect(answer).toMatchObject({ status: 'proven' });
  });
  test('commands and files', async () => {
    const command: CheckSpec = {
      kind: 'command',
      argv: ['python3', '-c', 'from shop.price import total; print(total([2, 3]))'],
      expect: { exitCode: 0, stdoutIncludes: ['5'] },
    };
    const file: CheckSpec = { kind: 'file', path: 'shop/price.py', includes: ['def total'], excludes: ['eval('] };
    const answer = await stage.ask([{ spec: command }, { spec: file }], { tree: pythonShop });
    expect(answer).toMatchObject({ status: 'proven' });
    const log = await stage.blobs.get(answer.evidence[0]?.output ?? '');
    expect(Buffer.from(log).toString()).toContain('=== execution 2');
  });
  test('a check that passes before the work already is weak', async () => {
    const answer = await stage.ask([{ spec: { kind: 'file', path: 'app.py' } }], {
      tree: pythonShop,
      base: { 'app.py': 'x = 1\n' },
    });
    expect(answer.status).toBe('weak');
  });
  test('a test that would pass on anything is weak', async () => {
    const files = [
      { path: 'test/any.test.ts', content: "import { test } from 'node:test';\ntest('is fine', () => {});\n" },
    ];
    const spec: CheckSpec = { kind: 'test', toolchain: 'node', files, tests: ['test/any.test.ts::is fine'] };
    const answer = await stage.ask([{ spec }], { tree: nodeShop });
    expect(answer).toMatchObject({ status: 'weak', base: [{ verdict: 'passed' }], evidence: [{ verdict: 'passed' }] });
  });
  test('an app that insists on a port of its own is found', async () => {
    const app = pythonShop['app.py'].replace('int(os.environ["PORT"])', '5123');
    const answer = await stage.ask([{ spec: shopWorks }], { tree: { ...pythonShop, 'app.py': app } });
    expect(answer).toMatchObject({ status: 'proven' });
  });
  test('an app that is built first, without touching the tree', async () => {
    const scripts = { build: 'mkdir -p dist && cp src/server.ts dist/main.ts', start: 'node dist/main.ts' };
    const answer = await stage.ask([{ spec: shopWorks }], {
      tree: { ...nodeShop, 'package.json': JSON.stringify({ type: 'module', scripts }) },
    });
    expect(answer).toMatchObject({ status: 'proven' });
  });
});

const wrongPrice = 'def total(prices):\n    return 3\n';
const conftest = `import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = "passed"
`;
const nodePackage = (scripts: Record<string, string>): string =>
  JSON.stringify({ name: 'shop', type: 'module', scripts });

describe.skipIf(noSandbox !== null)(`nobody talks the verifier into a pass${skipped(noSandbox)}`, () => {
  const pythonLies: [string, Tree][] = [
    ['os._exit(0) while the code is imported', { 'shop/price.py': 'import os\nos._exit(0)\n' }],
    [
      'a report file of its own',
      {
        'shop/price.py':
          'import os\nopen("report.xml", "w").write("<testsuite tests=\\"2\\" failures=\\"0\\"/>")\nos._exit(0)\n',
      },
    ],
    [
      'output that looks like a pass',
      { 'shop/price.py': 'import os\nos.write(1, b"2 passed in 0.01s\\n")\nos._exit(0)\n' },
    ],
    [
      'a conftest that patches the runner',
      { 'shop/price.py': wrongPrice, 'conftest.py': conftest, 'tests/conftest.py': conftest },
    ],
    [
      'runner options that select nothing',
      { 'shop/price.py': wrongPrice, 'pytest.ini': '[pytest]\naddopts = --collect-only -p no:python\n' },
    ],
    [
      'an edited check',
      { 'shop/price.py': wrongPrice, 'tests/test_price.py': 'def test_total(): pass\ndef test_nothing(): pass\n' },
    ],
    [
      'a check file that is a link to a better one',
      {
        'shop/price.py': wrongPrice,
        'good/test_price.py': 'def test_total(): pass\ndef test_nothing(): pass\n',
        tests: { link: 'good' },
      },
    ],
    ['a folder where the check file belongs', { 'shop/price.py': wrongPrice, 'tests/test_price.py/__init__.py': '' }],
    [
      'code that rewrites the locked tests',
      {
        'shop/price.py':
          'import pathlib\npathlib.Path("tests/test_price.py").write_text("def test_total(): pass\\ndef test_nothing(): pass\\n")\ndef total(prices):\n    return sum(prices)\n',
      },
    ],
    [
      'a pytest of its own in the tree',
      {
        'shop/price.py': wrongPrice,
        'pytest.py': 'def main(*a, **k):\n    return 0\n',
        '.venv/bin/python': '#!/bin/sh\nexit 0\n',
      },
    ],
  ];
  test.skipIf(noPytest !== null).each(pythonLies)(`Python: %s${skipped(noPytest)}`, async (_, change) => {
    const answer = await stage.ask([{ spec: pythonTests }], { base: null, tree: { ...pythonShop, ...change } });
    expect(answer).toMatchObject({ status: 'failing', evidence: [{ verdict: 'failed' }] });
  });

  const nodeLies: [string, Tree][] = [
    ['process.exit(0) while the code is imported', { 'src/price.ts': 'process.exit(0);\n' }],
    [
      'changed package scripts',
      {
        'src/price.ts': 'export const total = () => 0;\n',
        'package.json': nodePackage({ test: 'exit 0', pretest: 'exit 0', start: 'exit 0' }),
      },
    ],
    [
      'an edited check',
      {
        'src/price.ts': 'export const total = () => 0;\n',
        'test/price.test.ts': "import { test } from 'node:test';\ntest('total > adds prices', () => {});\n",
      },
    ],
    [
      'a build that rewrites the checks',
      {
        'src/price.ts': 'export const total = () => 0;\n',
        'package.json': nodePackage({
          build: "mkdir -p test && echo 'export {}' > test/price.test.ts && chmod 444 test/price.test.ts",
        }),
      },
    ],
  ];
  test.each(nodeLies)('Node: %s', async (_, change) => {
    const answer = await stage.ask([{ spec: nodeTests }], { base: null, tree: { ...nodeShop, ...change } });
    expect(answer).toMatchObject({ status: 'failing', evidence: [{ verdict: 'failed' }] });
  });

  test('a skipped test is no pass', async () => {
    const spec = {
      ...nodeTests,
      kind: 'test' as const,
      files: [
        { path: 'test/price.test.ts', content: "import { test } from 'node:test';\ntest.skip('adds', () => {});\n" },
      ],
      tests: ['test/price.test.ts::adds'],
      toolchain: 'node',
    };
    const answer = await stage.ask([{ spec }], { base: null, tree: nodeShop });
    expect(answer.evidence[0]?.tests).toEqual([{ id: 'test/price.test.ts::adds', outcome: 'skipped' }]);
    expect(answer.status).toBe('failing');
  });
  test('an exit code alone is no pass, however it came about', async () => {
    const npmTest: CheckSpec = { kind: 'command', argv: ['npm', 'test'], expect: { exitCode: 0 } };
    const tree = {
      ...nodeShop,
      'src/price.ts': 'export const total = () => 0;\n',
      'package.json': nodePackage({ test: 'exit 0' }),
    };
    const answer = await stage.ask([{ spec: npmTest }], { base: null, tree });
    expect(answer).toMatchObject({ status: 'failing', evidence: [{ verdict: 'inconclusive', exitCode: 0 }] });
    expect(answer.evidence[0]?.excerpt).toContain('exit code alone');
  });
  test.skipIf(noPytest !== null)(
    `the lie that is caught above does fool an exit code${skipped(noPytest)}`,
    async () => {
      const naive: CheckSpec = {
        kind: 'command',
        argv: ['python', '-m', 'pytest', '-q', 'tests'],
        expect: { exitCode: 0 },
      };
      const tree = {
        ...pythonShop,
        'shop/price.py': 'import os\nos._exit(0)\n',
        'tests/test_price.py': 'from shop.price import total\n',
      };
      const answer = await stage.ask([{ spec: naive }], { base: null, tree });
      expect(answer).toMatchObject({ status: 'failing', evidence: [{ verdict: 'inconclusive', exitCode: 0 }] });
    },
  );
  test('a start script that ends with 0 is no app', async () => {
    const answer = await stage.ask([{ spec: shopWorks }], {
      base: null,
      tree: { 'package.json': nodePackage({ start: 'exit 0' }) },
    });
    expect(answer.evidence[0]).toMatchObject({ verdict: 'failed', cause: 'absent', exitCode: 0 });
  });
  test('an app that forgets at a restart does not pass', async () => {
    const app = pythonShop['app.py'].replace('if __name__', 'if os.path.exists(STORE): os.remove(STORE)\nif __name__');
    const answer = await stage.ask([{ spec: shopWorks }], { base: null, tree: { ...pythonShop, 'app.py': app } });
    expect(answer.evidence[0]).toMatchObject({ verdict: 'failed', cause: 'assertion' });
    expect(answer.evidence[0]?.excerpt).toContain('finds it again');
  });
  test('code that never ends runs out of time', async () => {
    const hang: CheckSpec = { kind: 'command', argv: ['python3', 'hang.py'], expect: { exitCode: 0 } };
    const silent: CheckSpec = {
      kind: 'http',
      exchanges: [{ do: 'request', name: 'asks', method: 'GET', path: '/', expect: { status: 200 } }],
    };
    const tree = {
      'hang.py': 'import time\ntime.sleep(600)\n',
      'devfactory.json': JSON.stringify({ toolchain: 'python', serve: ['python', 'silent.py', '${PORT}'] }),
      'silent.py':
        'import socket, sys, time\ns = socket.create_server(("127.0.0.1", int(sys.argv[1])))\ntime.sleep(600)\n',
    };
    const answer = await stage.ask(
      [
        { spec: hang, timeoutMs: 1500 },
        { spec: silent, timeoutMs: 3000 },
      ],
      { base: null, tree },
    );
    expect(answer.evidence.map(({ verdict, cause }) => [verdict, cause])).toEqual([
      ['failed', 'timeout'],
      ['failed', 'timeout'],
    ]);
    // On a busy machine each is asked once more, with more time.
  }, 180_000);
  test('two executions with two answers are no pass', async () => {
    // Each execution has a sandbox of its own name, which the code can see: the surest way to answer differently.
    const spec: CheckSpec = {
      kind: 'command',
      argv: ['sh', 'moody.sh'],
      expect: { exitCode: 0, stdoutIncludes: ['files'] },
    };
    const answer = await stage.ask([{ spec }], {
      base: null,
      tree: { 'moody.sh': 'grep -- "-c-1-1/files" /proc/self/mountinfo\n' },
    });
    expect(answer.evidence[0]).toMatchObject({ verdict: 'failed', cause: 'flaky', executions: 2 });
  });
  test('the sandbox has no way out', async () => {
    const argv = ['python3', '-c', 'import socket; socket.create_connection(("1.1.1.1", 443), 2)'];
    const answer = await stage.ask([{ spec: { kind: 'command', argv, expect: { exitCode: 0 } } }], {
      base: null,
      tree: { 'a.txt': '' },
    });
    expect(answer.evidence[0]?.verdict).toBe('failed');
  });
});

test.skipIf(noSandbox !== null)(`no verification left a sandbox behind${skipped(noSandbox)}`, async () => {
  expect((await stage.driver.list()).filter((id) => !id.startsWith('d-run-'))).toEqual([]);
});
