import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewOf } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
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
  'index.html': '<p>Shop',
};

test('a tree of five build systems and a page is seen as each of them', async () => {
  expect(await recognised(manifests)).toEqual(['node', 'python', 'go', 'java', 'rust', 'web']);
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
