import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectProjects, projectsInUse } from '@devfactory/engine';
import { viewOf } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import { composePlugins } from '../src/composition.ts';

const folder = join(tmpdir(), 'devfactory-detection');
const { toolchains } = composePlugins({ dataDir: folder, runtimeDir: folder });
const recognised = async (tree: Record<string, string>): Promise<string[]> => {
  const projects = await Promise.all(toolchains.map((toolchain) => toolchain.detect(viewOf(tree))));
  return projects.flatMap((project) => (project ? [project.toolchain] : []));
};
const manifests = {
  'package.json': '{"dependencies":{"express":"5"}}',
  'requirements.txt': 'flask\n',
  'go.mod': 'module example.com/shop\n\ngo 1.19\n',
  'pom.xml': '<project/>',
  'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\n',
  'CMakeLists.txt': 'project(shop)\n',
  'index.html': '<p>Shop',
};

test('a tree of six build systems and a page is seen as each of them', async () => {
  expect(await recognised(manifests)).toEqual(['node', 'python', 'go', 'java', 'rust', 'cpp', 'web']);
});
test.each(Object.keys(manifests))('a broken %s is an answer, never an exception', async (name) => {
  for (const nonsense of ['', '\u0000', '{{{', '<<<', '[[[', '\uFEFF', 'x'.repeat(100_000)])
    await expect(recognised({ ...manifests, [name]: nonsense })).resolves.toEqual(expect.any(Array));
});
test('a tree without any build system is seen as none', async () => {
  expect(await recognised({ 'README.md': '', 'notes/a.txt': '', '.gitignore': '' })).toEqual([]);
});
test('what a project says for itself makes it that, whatever else lies there', async () => {
  for (const toolchain of toolchains)
    expect(await recognised({ 'devfactory.json': JSON.stringify({ toolchain: toolchain.id }) })).toEqual([
      toolchain.id,
    ]);
});

describe('a repository of several projects', () => {
  const goMod = manifests['go.mod'];
  const folders = async (tree: Record<string, string>): Promise<string[]> =>
    (await detectProjects(toolchains, viewOf(tree))).map(({ toolchain, folder }) => `${toolchain.id} ${folder}`);
  const inUse = async (tree: Record<string, string>, ...ids: readonly [string, string][]): Promise<string[]> => {
    const source = viewOf(tree);
    const tests = ids.map(([toolchain, id]) => ({ toolchain, tests: [id] }));
    const used = await projectsInUse(await detectProjects(toolchains, source), { source, tests });
    return used.map(({ toolchain, folder }) => `${toolchain.id} ${folder}`);
  };

  test('is seen as each of them, in the folders where they lie', async () => {
    const tree = {
      'api/go.mod': goMod,
      'web/package.json': '{}',
      'services/stats/requirements.txt': '',
      'services/stats/index.html': '',
    };
    expect(await folders(tree)).toEqual(['go api', 'node web', 'python services/stats']);
  });
  test.each(['node_modules/x', 'a/vendor/y', 'target/z', '.cache/x', 'docs', 'a/b/c/d'])(
    'has no projects in %s',
    async (folder) => {
      expect(await folders({ [`${folder}/package.json`]: '{}', [`${folder}/go.mod`]: goMod })).toEqual([]);
    },
  );
  test('has the members of a workspace as parts of it', async () => {
    const tree = { 'Cargo.toml': '[workspace]', 'a/Cargo.toml': '', 'tools/pom.xml': '', 'tools/x/pom.xml': '' };
    expect(await folders(tree)).toEqual(['rust ', 'java tools']);
  });
  test('is looked at in twenty folders, the nearest first', async () => {
    const tree = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`deep/p${index}/go.mod`, goMod]));
    const found = await folders({ ...tree, 'near/go.mod': goMod });
    expect([found.length, found[0]]).toEqual([20, 'go near']);
  });
  test('is begun where devfactory.json says, wherever that is', async () => {
    const tree = {
      'api/go.mod': goMod,
      'docs/tools/package.json': '{}',
      'devfactory.json': '{"toolchain":"node","folder":"docs/tools","serve":["node","x.js","${PORT}"]}',
    };
    const [first] = await detectProjects(toolchains, viewOf(tree));
    expect(await folders(tree)).toEqual(['node docs/tools', 'go api']);
    expect(first?.project.serve(81)).toMatchObject({ argv: ['node', 'x.js', '81'], cwd: 'docs/tools' });
    expect(await inUse(tree)).toEqual(['node docs/tools']);
  });
  test.each(['../x', '/etc', 'a/../..', 'a//b', 'a/', '.', ''])('has no project in the folder %j', async (folder) => {
    const words = JSON.stringify({ toolchain: 'go', folder });
    const [project] = await detectProjects(toolchains, viewOf({ 'go.mod': goMod, 'devfactory.json': words }));
    expect(project?.project.build[0]?.argv.join(' ')).toContain('devfactory.json');
  });
  test('has its paths, commands and environment where it lies', async () => {
    const [found] = await detectProjects(toolchains, viewOf({ 'stats/requirements.txt': '', 'stats/app.py': 'x' }));
    expect(found?.project).toMatchObject({
      title: 'Python with requirements.txt in stats/',
      manifests: ['stats/requirements.txt'],
      dependencyPaths: ['stats/.venv'],
      binPaths: ['stats/.venv/bin'],
      install: [{ cwd: 'stats' }],
    });
  });
  test('is installed and built as far as the root, devfactory.json or a test asks for it', async () => {
    const mixed = { 'package.json': '{}', 'tools/go.mod': goMod, 'stats/requirements.txt': '' };
    expect(await inUse(mixed)).toEqual(['node ']);
    expect(await inUse(mixed, ['go', 'tools/a_test.go::TestA'])).toEqual(['node ', 'go tools']);
    expect(await inUse(mixed, ['go', 'a_test.go::TestA'])).toEqual(['node ']);
    // Nothing at the root: all of it is the project.
    expect(await inUse({ 'a/go.mod': goMod, 'b/package.json': '{}' })).toEqual(['go a', 'node b']);
  });
});
