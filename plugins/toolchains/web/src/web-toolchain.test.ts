import { toolchainSuite, viewOf } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { webToolchain } from './web-toolchain.ts';

toolchainSuite({
  toolchain: webToolchain(),
  recognised: {
    'a page at the root': { 'index.html': '<h1>Shop</h1>', 'app.js': '' },
    'a page in a folder': { 'public/index.html': '' },
    'a tree that says so itself': { 'devfactory.json': '{"toolchain":"web","serve":["./serve","${PORT}"]}' },
  },
  foreign: {
    'a Node project': { 'package.json': '{}', 'server.mjs': '' },
    'a page deep in a tree': { 'docs/api/index.html': '' },
    'a tree that names another toolchain': { 'devfactory.json': '{"toolchain":"python"}' },
  },
  odd: {
    'a devfactory.json that is no JSON': { 'index.html': '', 'devfactory.json': '{' },
  },
  honest: [
    {
      title: 'tests that nobody can run',
      tree: { 'index.html': '' },
      locked: [{ path: 'page.test', content: '' }],
      tests: ['page.test::shows'],
    },
  ],
  liars: [],
  cannotRun: 'a static page has no test runner of its own',
});

test('serves what a build made before what lies in the tree', async () => {
  const words = async (tree: Record<string, string>) =>
    (await webToolchain().detect(viewOf(tree)))?.serve(80)?.argv.slice(3);
  expect(await words({ 'index.html': '', 'public/index.html': '' })).toEqual(['80', 'public', '.']);
  expect(await words({ 'index.html': '', 'package.json': '{}' })).toEqual(['80', 'dist', 'build', 'out', '.']);
});
test('says what to ask instead of tests', () => {
  const { trouble } = webToolchain().testRun({ files: [], tests: ['x::y'], nonce: 'n', timeoutMs: 1000 });
  expect(
    trouble({ exitCode: 0, signal: null, timedOut: false, stdout: '', stderr: '', dropped: 0, durationMs: 1 }),
  ).toBeNull();
});
