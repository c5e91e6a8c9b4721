import { spawnSync } from 'node:child_process';
import { requirementViews, type RunState } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Factory, planOnly, problem } from './factory.ts';
import { zip } from './zip.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

const noPytest =
  spawnSync('python3', ['-c', 'import pytest']).status === 0 ? null : 'pytest is not installed on this machine';

const noCmake = ['cmake', 'make', 'gcc'].every((name) => spawnSync(name, ['--version']).status === 0)
  ? null
  : 'CMake or a compiler is not installed on this machine';

const project = {
  'package.json': '{ "type": "module" }',
  'sum.mjs': 'export const sum = (a, b) => a + b;\n',
  'sum.test.mjs': `import { test } from 'node:test';
import assert from 'node:assert';
import { sum } from './sum.mjs';
test('adds', () => assert.equal(sum(1, 2), 3));
test('is red already', () => assert.equal(sum(1, 2), 4));
`,
  'more/names.test.mjs': `import { describe, test } from 'node:test';
import assert from 'node:assert';
describe('names', () => test('are long', () => assert.ok('name'.length > 3)));
`,
};
const works = (command: string) => ({
  ...planOnly,
  work: [
    {
      calls: [
        { tool: 'shell', input: { command } },
        { tool: 'finish', input: {} },
      ],
    },
  ],
});

describe.skipIf(noSandbox !== null)(`imported code${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  let factory: Factory;
  beforeAll(async () => {
    factory = await Factory.start();
  });
  afterAll(() => factory.end());

  async function upload(files: Readonly<Record<string, string>>): Promise<object> {
    const body = zip(Object.entries(files).map(([name, text]) => ({ name, data: Buffer.from(text) })));
    const answer = await factory.ask('/api/uploads', { body, headers: { 'content-type': 'application/zip' } });
    return { kind: 'upload', uploadId: (answer.json as { uploadId: string }).uploadId };
  }
  async function surveyed(files: Readonly<Record<string, string>>, command = 'true'): Promise<RunState> {
    const id = await factory.create({
      prompt: 'Say hello',
      agent: 'scripted',
      agentOptions: works(command),
      source: await upload(files),
    });
    return factory.until(id, ({ stage }) => stage.name === 'waiting' || stage.name === 'failed', 90_000);
  }
  const worked = async ({ id }: RunState): Promise<RunState> => {
    await factory.command(id, { do: 'approve-plan', version: 1 });
    return factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review', 90_000);
  };

  test('its own tests that pass are kept as checks, those that are red are told and not kept', async () => {
    const planned = await surveyed(project, 'echo hello > hello.txt');
    expect(planned.survey).toMatchObject({
      toolchains: [{ id: 'node' }],
      kept: 2,
      red: 1,
      redTests: ['sum.test.mjs::is red already'],
    });
    expect(planned.requirements.map(({ origin }) => origin)).toEqual(['source', 'agent']);
    expect(planned.checks.filter(({ intent }) => intent === 'keep')).toMatchObject([
      { kind: 'test', title: '1 test of more/names.test.mjs' },
      { kind: 'test', title: '1 test of sum.test.mjs' },
    ]);
    const done = await worked(planned);
    expect(requirementViews(done).map(({ status }) => status)).toEqual(['proven', 'proven']);
    const changes = (await factory.ask(`/api/runs/${done.id}/compare`)).json;
    expect(changes).toMatchObject({ from: 'ck-0', changes: [{ change: 'added', path: 'hello.txt' }] });
  }, 200_000);

  test.skipIf(noPytest !== null)(
    `tests of a folder of another kind are kept too, and one that cannot be built keeps none of the others${noPytest ? ` (skipped: ${noPytest})` : ''}`,
    async () => {
      const works = 'echo hello > hello.txt; echo "def twice(n): return 0" > api/maths.py';
      const planned = await surveyed(
        {
          ...project,
          'api/pyproject.toml': '[project]\nname = "api"\nversion = "1"\n',
          'api/maths.py': 'def twice(n):\n    return 2 * n\n',
          'api/tests/test_maths.py': 'from maths import twice\n\ndef test_twice():\n    assert twice(2) == 4\n',
          'native/CMakeLists.txt': 'no_such_command()\n',
          'native/tests/sum.cpp': 'int main() {}\n',
        },
        works,
      );
      expect(planned.survey).toMatchObject({ kept: 3, red: 1 });
      expect(planned.checks.filter(({ intent }) => intent === 'keep').map(({ title }) => title)).toEqual([
        '1 test of api/tests/test_maths.py',
        '1 test of more/names.test.mjs',
        '1 test of sum.test.mjs',
      ]);
      const said = planned.survey?.notes.find(({ kind }) => kind === 'tests-not-run')?.sentence;
      expect(said).toMatch(/Some of the project's own tests could not be run, so these are not kept: In native\/: /);
      const done = await worked(planned);
      const judged = done.checks.flatMap(({ id, title, intent }) =>
        intent === 'keep' ? [[title, done.evidence.findLast(({ checkId }) => checkId === id)?.verdict]] : [],
      );
      expect(judged).toEqual([
        ['1 test of api/tests/test_maths.py', 'failed'],
        ['1 test of more/names.test.mjs', 'passed'],
        ['1 test of sum.test.mjs', 'passed'],
      ]);
    },
    200_000,
  );

  test('work that breaks what was there is not proven, whatever it does to the tests', async () => {
    const breaks = `echo hello > hello.txt; echo 'export const sum = () => 0;' > sum.mjs; rm sum.test.mjs`;
    const done = await worked(await surveyed(project, breaks));
    const [kept, asked] = requirementViews(done);
    expect(kept).toMatchObject({ status: 'failing' });
    expect(asked).toMatchObject({ status: 'proven' });
  }, 200_000);

  test('a helper beside the tests is locked with them: emptied, it proves nothing', async () => {
    const helped = {
      'package.json': project['package.json'],
      'sum.mjs': 'export const sum = (a, b) => a + b;\n',
      'test/same.mjs': `import assert from 'node:assert';\nexport const same = assert.equal;\n`,
      'test/sum.test.mjs': `import test from 'node:test';\nimport { sum } from '../sum.mjs';\nimport { same } from './same.mjs';\ntest('adds', () => same(sum(1, 2), 3));\n`,
    };
    const hollows = `echo hello > hello.txt; echo 'export const sum = () => 0;' > sum.mjs; echo 'export const same = () => {};' > test/same.mjs`;
    const planned = await surveyed(helped, hollows);
    expect(planned.survey).toMatchObject({ kept: 1, red: 0, notes: [] });
    const [kept] = requirementViews(await worked(planned));
    expect(kept?.status).toBe('failing');
  }, 200_000);

  test('what is not really there, and what cannot be built, is said', async () => {
    const { survey, stage } = await surveyed({
      'package.json': '{ "name": ',
      '.gitmodules': '[submodule "lib"]\n\tpath = vendor/lib\n\turl = https://example.test/lib.git\n',
      '.gitattributes': '*.bin filter=lfs diff=lfs\n',
      'large.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`,
    });
    expect(stage.name).toBe('waiting');
    const notes = new Map(survey?.notes.map(({ kind, paths }) => [kind, paths]));
    expect(notes.get('submodules')).toEqual(['vendor/lib']);
    expect(notes.get('lfs')).toEqual(['large.bin']);
    expect(notes.get('broken-manifest')).toEqual(['package.json']);
    // Kinds that no toolchain takes.
    const other = await surveyed({ 'composer.json': '{}', 'a/Gemfile': '' });
    expect(other.survey).toMatchObject({
      toolchains: [],
      kept: 0,
      notes: [{ kind: 'no-build-system', paths: ['composer.json', 'a/Gemfile'] }],
    });
  }, 100_000);

  test.skipIf(noPytest !== null)(
    `tests of Python bring their conftest along${noPytest ? ` (skipped: ${noPytest})` : ''}`,
    async () => {
      const planned = await surveyed(
        {
          'requirements.txt': '',
          'conftest.py': 'import pytest\n\n@pytest.fixture\ndef two():\n    return 2\n',
          'tests/test_gone.py': 'import no_such_library\n\ndef test_gone():\n    pass\n',
          'tests/test_two.py':
            'import pytest\n\n@pytest.mark.parametrize("n", [1, 2])\ndef test_less(n, two):\n    assert n <= two\n\ndef test_red(two):\n    assert two == 3\n',
        },
        'echo hello > hello.txt',
      );
      expect(planned.survey).toMatchObject({ kept: 2, red: 1, redTests: ['tests/test_two.py::test_red'] });
      const silent = planned.survey?.notes.find(({ kind }) => kind === 'tests-not-run');
      expect(silent).toMatchObject({ paths: ['tests/test_gone.py'] });
      expect(silent?.sentence).toContain("No module named 'no_such_library'");
      const done = await worked(planned);
      expect(requirementViews(done).map(({ status }) => status)).toEqual(['proven', 'proven']);
    },
    200_000,
  );

  test.skipIf(noCmake !== null)(
    `tests of C++ are said not to be kept, beside others that are${noCmake ? ` (skipped: ${noCmake})` : ''}`,
    async () => {
      const { survey } = await surveyed({
        'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.10)\nproject(sum C)\nadd_executable(sum sum.c)\n',
        'sum.c': 'int main(void) { return 0; }\n',
        'tests/sum.c': 'int main(void) { return 0; }\n',
        'package.json': project['package.json'],
        'sum.mjs': project['sum.mjs'],
        'sum.test.mjs': project['sum.test.mjs'],
      });
      expect(survey).toMatchObject({ kept: 1, red: 1 });
      const said = survey?.notes.find(({ kind }) => kind === 'tests-not-run')?.sentence;
      expect(said).toContain("Some of the project's own tests could not be run");
      expect(said).toContain('no test runner for C++');
    },
    200_000,
  );

  test('a scaffolder does not take code that is there', async () => {
    const refused = await factory.ask('/api/runs', {
      json: { prompt: 'Add a page', agent: 'blueprint', source: await upload(project) },
    });
    expect(problem(refused)).toMatchObject({ status: 422, code: 'agent_starts_new' });
  });
});
