import { spawnSync } from 'node:child_process';
import { toolchainSuite, viewOf } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import { pythonToolchain } from './python-toolchain.ts';

const adds = {
  path: 'tests/test_add.py',
  content: `import pytest
from shop.add import add

def test_adds():
    assert add(1, 2) == 3

@pytest.mark.parametrize("n", [0, 5])
def test_zero(n):
    assert add(n, 0) == n

class TestSums:
    def test_none(self):
        assert add(0, 0) == 0
`,
};
const tests = [
  'tests/test_add.py::test_adds',
  'tests/test_add.py::test_zero',
  'tests/test_add.py::test_zero[5]',
  'tests/test_add.py::TestSums::test_none',
];
const right = 'def add(a, b):\n    return a + b\n';
const wrong = 'def add(a, b):\n    return 0\n';
const lie = (title: string, code: string, more: Record<string, string> = {}) => ({
  title,
  tree: { 'shop/__init__.py': '', 'shop/add.py': code, ...more },
  locked: [adds],
  tests,
});
const withTest = (title: string, content: string) => ({ ...lie(title, right), locked: [{ ...adds, content }] });
const conftest = `import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = "passed"
`;
const passing = `import _pytest.runner as r
old = r.CallInfo.from_call.__func__
def lie(cls, func, when, reraise=None):
    return old(cls, (lambda: None) if when == "call" else func, when, reraise)
r.CallInfo.from_call = classmethod(lie)
`;
const wide = `import unittest
import pytest
from shop.add import add
calls = []

def setup_module():
    calls.append("module")

@pytest.fixture(scope="module", autouse=True)
def shared():
    yield 1
    assert calls.count("module") == 1

@pytest.fixture(scope="session")
def once():
    return calls.append("once")

def test_once(once):
    assert calls.count("once") == 1

@pytest.mark.parametrize("name", ["a"])
class TestKept:
    @classmethod
    def setup_class(cls):
        cls.kept = 2

    def test_kept(self, name, tmp_path):
        assert add(1, 1) == self.kept and tmp_path.exists()

class Cases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = 3

    def setUp(self):
        self.more = 1

    def test_case(self):
        self.assertEqual(add(self.base, self.more), 4)
`;
const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import pytest']).status === 0,
);

toolchainSuite({
  toolchain: pythonToolchain(),
  recognised: {
    'a Flask app with requirements': {
      'requirements.txt': 'flask',
      'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
    },
    'a pyproject': { 'pyproject.toml': '[project]\nname = "x"\n', 'src/shop/__init__.py': '' },
    'a lone script': { 'app.py': 'print(1)' },
    'a tree that says so itself': {
      'devfactory.json': '{"toolchain":"python","serve":["python","-m","lib.x","${PORT}"]}',
    },
  },
  foreign: {
    'a Node project': { 'package.json': '{}', 'server.mjs': '' },
    'a Node project with a stray script': { 'package.json': '{}', 'tools/gen/x.py': '' },
  },
  odd: {
    'a pyproject that is no TOML': { 'pyproject.toml': '[[[' },
    'a broken devfactory.json': { 'requirements.txt': '', 'devfactory.json': 'no' },
  },
  honest: [
    {
      ...lie('tests of a package at the root', right),
      // A test with parameters is found with each of them.
      found: tests.map((id) => (id.endsWith('_zero') ? `${id}[0]` : id)),
    },
    { ...lie('tests of a package in src', right), tree: { 'src/shop/__init__.py': '', 'src/shop/add.py': right } },
    {
      ...lie('tests with locked fixtures', right),
      locked: [
        {
          path: 'tests/conftest.py',
          content:
            'from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import ClassVar\nimport pytest\n\n@dataclass\nclass Three:\n    value: int = 3\n    kind: ClassVar[str] = "number"\n\n@pytest.fixture\ndef three():\n    return Three().value\n',
        },
        {
          path: 'tests/test_three.py',
          content: 'from shop.add import add\ndef test_three(three):\n    assert add(1, 2) == three\n',
        },
      ],
      tests: ['tests/test_three.py::test_three'],
    },
    {
      ...lie('tests of a package that import each other by its name', right),
      locked: [
        { path: 'tests/test_shop/__init__.py', content: '' },
        {
          path: 'tests/test_shop/test_sums.py',
          content: 'class Sums:\n    def test_one(self):\n        assert self.one == 1\n',
        },
        {
          path: 'tests/test_shop/test_more.py',
          content:
            'from test_shop.test_sums import Sums\nfrom shop.add import add\nclass TestMore(Sums):\n    one = add(0, 1)\n',
        },
      ],
      tests: ['tests/test_shop/test_more.py::TestMore::test_one'],
    },
    {
      ...lie('tests with classes, hooks and fixtures of every scope', right),
      locked: [{ path: 'tests/test_wide.py', content: wide }],
      tests: [
        'tests/test_wide.py::test_once',
        'tests/test_wide.py::TestKept::test_kept[a]',
        'tests/test_wide.py::Cases::test_case',
      ],
    },
  ],
  liars: [
    lie('wrong code', wrong),
    lie('os._exit(0) while it is imported', `import os\nos._exit(0)\n${right}`),
    lie('os._exit(0) inside of a test', 'import os\ndef add(a, b):\n    os._exit(0)\n'),
    lie('sys.exit(0) while it is imported', `import sys\nsys.exit(0)\n${right}`),
    lie(
      'output that imitates a pass',
      `import os\nos.write(1, b"4 passed in 0.01s\\n@@devfactory 1 ${'0'.repeat(64)} e30=\\n")\nos._exit(0)\n`,
    ),
    lie('a conftest that patches the runner', wrong, { 'conftest.py': conftest, 'tests/conftest.py': conftest }),
    lie('configuration that selects nothing', wrong, {
      'pytest.ini': '[pytest]\naddopts = --collect-only\n',
      'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "-k nothing"\n',
    }),
    lie('a pytest of its own', wrong, { 'pytest.py': 'def main(*a, **k):\n    return 0\nclass mark:\n    pass\n' }),
    lie('a sitecustomize of its own', wrong, {
      'sitecustomize.py': 'import os\nos._exit(0)\n',
      'usercustomize.py': 'import os\nos._exit(0)\n',
    }),
    lie(
      'a faked report file',
      `import os\nopen("report.xml", "w").write('<testsuite tests="4" failures="0"/>')\nos._exit(0)\n`,
    ),
    lie(
      'code that runs no test body',
      `import _pytest.python\n_pytest.python.Function.runtest = lambda self: None\n${wrong}`,
    ),
    lie('code that turns each phase into a pass', `${passing}${wrong}`),
    lie(
      'code that rewrites reports',
      `import _pytest.reports as r\nold = r.TestReport.from_item_and_call.__func__\ndef lie(cls, item, call):\n    report = old(cls, item, call)\n    report.outcome = "passed"\n    return report\nr.TestReport.from_item_and_call = classmethod(lie)\n${wrong}`,
    ),
    lie(
      'code that finds the reporter in memory',
      `import gc\nfor found in gc.get_objects():\n    if type(found).__name__ == "Watch":\n        say = found._Watch__report\n        found._Watch__report = lambda name, outcome: say(name, "passed")\n${wrong}`,
    ),
    lie('a standard module of its own that patches the runner', wrong, {
      'unittest/__init__.py': passing,
      'pdb.py': passing,
      'readline.py': passing,
    }),
    withTest('skipped tests', adds.content.replace('def test_adds', '@pytest.mark.skip\ndef test_adds')),
    withTest(
      'tests that are expected to fail',
      adds.content.replace('def test_adds', '@pytest.mark.xfail\ndef test_adds'),
    ),
    withTest('a test that is not there', adds.content.replace('def test_adds', 'def test_other')),
    withTest(
      'a teardown that fails',
      `${adds.content}\n@pytest.fixture(autouse=True)\ndef broken():\n    yield\n    raise RuntimeError("left open")\n`,
    ),
  ],
  programs: { python: python ?? 'python3' },
  cannotRun: python === undefined ? 'this machine has no Python with pytest (apt-get install python3-pytest)' : null,
});

describe('python detection', () => {
  const serve = async (tree: Record<string, string>) => (await pythonToolchain().detect(viewOf(tree)))?.serve(80)?.argv;

  test('starts what a Procfile says', async () => {
    expect(
      await serve({
        Procfile: 'web: gunicorn -b 127.0.0.1:$PORT wsgi:app\n',
        'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
      }),
    ).toEqual(['/bin/sh', '-c', 'gunicorn -b 127.0.0.1:$PORT wsgi:app']);
  });
  test.each([
    ['an app object', { 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' }, 'app:app'],
    [
      'a factory in a package',
      { 'shop/__init__.py': 'from flask import Flask\ndef create_app(config=None):\n    return Flask(__name__)\n' },
      'shop:create_app',
    ],
    [
      'a wsgi file that calls the factory',
      { 'wsgi.py': 'from shop import create_app\napp = create_app()\n', 'shop/__init__.py': '' },
      'wsgi:app',
    ],
    ['a wsgi file that imports the app', { 'wsgi.py': 'from shop import app\n' }, 'wsgi'],
    [
      'a package in src',
      { 'src/shop/__init__.py': 'from flask import Flask\ndef create_app():\n    return Flask(__name__)\n' },
      'shop:create_app',
    ],
  ])('runs Flask with %s', async (_, tree, app) => {
    expect(await serve(tree as Record<string, string>)).toEqual([
      'python',
      '-m',
      'flask',
      '--app',
      app,
      'run',
      '--host=127.0.0.1',
      '--port=80',
      '--no-reload',
    ]);
  });
  test('runs ASGI apps, scripts and packages', async () => {
    expect(await serve({ 'main.py': 'from fastapi import FastAPI\napi = FastAPI()\n' })).toEqual([
      'python',
      '-m',
      'uvicorn',
      'main:api',
      '--host=127.0.0.1',
      '--port=80',
    ]);
    expect(await serve({ 'server.py': 'if __name__ == "__main__":\n    main()\n' })).toEqual(['python', 'server.py']);
    expect(await serve({ 'shop/__init__.py': '', 'shop/__main__.py': 'main()\n' })).toEqual(['python', '-m', 'shop']);
    expect(await serve({ 'requirements.txt': 'x' })).toBeUndefined();
  });
  test('tells an index that is out of reach from a package that does not exist', () => {
    expect(pythonToolchain().unreachable('NameResolutionError: Failed to resolve')).toBe(true);
    expect(pythonToolchain().unreachable('ERROR: No matching distribution found for nope')).toBe(false);
  });
});
