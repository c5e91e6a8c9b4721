import { toolchainSuite, viewOf } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import { nodeToolchain } from './node-toolchain.ts';

const adds = {
  path: 'test/add.test.ts',
  content: `import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { add } from '../src/add.ts';
test('adds', () => assert.equal(add(1, 2), 3));
test('adds', () => assert.equal(add(2, 2), 4));
describe('sums', () => describe('of none', () => it('are zero', () => assert.equal(add(0, 0), 0))));
`,
};
const tests = ['test/add.test.ts::adds', 'test/add.test.ts::sums > of none > are zero'];
const right = 'export const add = (a: number, b: number): number => a + b;\n';
const lie = (title: string, code: string, more: Record<string, string> = {}) => ({
  title,
  tree: { 'src/add.ts': code, ...more },
  locked: [adds],
  tests,
});

const hooked = `import assert from 'node:assert/strict';
import { before, beforeEach, describe, it, test } from 'node:test';
let times = 0;
describe('kept', () => {
  before(() => { times += 1; });
  beforeEach(() => assert.equal(times, 1));
  it('"quoted" \\\\ \`odd\` \${name}', () => {});
});
test('once', () => assert.equal(times, 1));
`;

toolchainSuite({
  toolchain: nodeToolchain(),
  recognised: {
    'a package with a lock file': {
      'package.json': '{"dependencies":{"express":"5"}}',
      'package-lock.json': '{}',
      'src/server.ts': '',
    },
    'a package without dependencies': { 'package.json': '{"scripts":{"start":"node server.mjs"}}', 'server.mjs': '' },
    'a lone server file': { 'server.mjs': '' },
    'a tree that says so itself': {
      'devfactory.json': '{"toolchain":"node","serve":["node","lib/x.js","${PORT}"],"build":[["node","make.js"]]}',
    },
  },
  foreign: {
    'a Python project': { 'requirements.txt': 'flask', 'app.py': 'x = 1' },
    'a tree that names another toolchain': { 'devfactory.json': '{"toolchain":"python"}', 'app.py': '' },
  },
  odd: {
    'a package.json that is no JSON': { 'package.json': '{' },
    'a package.json of wrong types': { 'package.json': '{"scripts":[1],"dependencies":"x","main":7}' },
    'a package.json that is a list': { 'package.json': '[]' },
    'a devfactory.json that is no JSON': { 'package.json': '{}', 'devfactory.json': '{' },
    'a devfactory.json with unknown members': {
      'package.json': '{}',
      'devfactory.json': '{"toolchain":"node","run":"x"}',
    },
  },
  honest: [
    { title: 'TypeScript tests with describe names', tree: { 'src/add.ts': right }, locked: [adds], tests },
    {
      title: 'tests in several files, with hooks',
      tree: { 'src/add.ts': right },
      locked: [adds, { path: 'test/more.test.mjs', content: hooked }, { path: 'test/odd.test.mjs', content: hooked }],
      tests: [...tests, 'test/more.test.mjs::kept > "quoted" \\ `odd` ${name}', 'test/odd.test.mjs::once'],
    },
  ],
  liars: [
    lie('wrong code', 'export const add = () => 3;\n'),
    lie('process.exit(0) while it is imported', `${right}process.exit(0);\n`),
    lie('an import that fails', `${right}throw new Error('no');\n`),
    lie(
      'output that imitates a pass',
      `${right}console.log('# pass 2\\nok 1 - adds\\n@@devfactory 1 ${'0'.repeat(64)} e30=');\nprocess.exit(0);\n`,
    ),
    lie(
      'assertions that agree with everything',
      `import assert from 'node:assert/strict';
for (const name of Object.keys(assert)) { try { assert[name] = () => {}; } catch {} }
export const add = () => 7;\n`,
    ),
    lie(
      'code that turns failures into passes',
      `import { EventEmitter } from 'node:events';
const emit = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = function (name: any, ...rest: any[]) {
  return emit.call(this, name === 'test:fail' ? 'test:pass' : name, ...rest);
};
export const add = () => 7;\n`,
    ),
    lie(
      'code that rewrites what is reported',
      `const write = JSON.stringify;
JSON.stringify = ((value: any) => write(value?.outcome ? { ...value, outcome: 'passed' } : value)) as any;
export const add = () => 7;\n`,
    ),
    lie('a suite that is replaced by a package script', 'export const add = () => 0;\n', {
      'package.json': '{"scripts":{"test":"exit 0"}}',
    }),
    {
      title: 'skipped tests',
      tree: { 'src/add.ts': right },
      locked: [{ ...adds, content: adds.content.replace("test('adds', ", "test.skip('adds', ") }],
      tests,
    },
    {
      title: 'tests that are still to do',
      tree: { 'src/add.ts': right },
      locked: [{ ...adds, content: adds.content.replace("test('adds', ", "test.todo('adds', ") }],
      tests,
    },
    {
      title: 'a test that is not there',
      tree: { 'src/add.ts': right },
      locked: [adds],
      tests: [...tests, 'test/add.test.ts::subtracts'],
    },
    {
      title: 'a suite whose hook fails',
      tree: { 'src/add.ts': right },
      locked: [
        {
          ...adds,
          content: `${adds.content}import { after } from 'node:test';
describe('hooked', () => { after(() => { throw new Error('left open'); }); it('fine', () => {}); });\n`,
        },
      ],
      tests: ['test/add.test.ts::hooked > fine'],
    },
  ],
  cannotRun: null,
});

describe('node detection', () => {
  const detect = async (tree: Record<string, string>) => {
    const project = await nodeToolchain().detect(viewOf(tree));
    if (!project) throw new Error('not recognised');
    return project;
  };

  test('installs by the lock file where there is one, and never runs a script', async () => {
    const locked = await detect({ 'package.json': '{"dependencies":{"a":"1"}}', 'package-lock.json': '{}' });
    expect(locked.install[0]?.argv.slice(0, 3)).toEqual(['npm', 'ci', '--ignore-scripts']);
    const free = await detect({ 'package.json': '{"devDependencies":{"a":"1"}}' });
    expect(free.install[0]?.argv).toEqual(expect.arrayContaining(['install', '--ignore-scripts', '--git=/bin/false']));
  });
  test('takes legacy-peer-deps from .npmrc, and an .npmrc of very many empty lines at once', async () => {
    const dependent = { 'package.json': '{"dependencies":{"a":"1"}}' };
    const lenient = await detect({ ...dependent, '.npmrc': 'audit=false\r\n legacy-peer-deps = true \r\n' });
    expect(lenient.install[0]?.argv).toContain('--legacy-peer-deps');
    const began = performance.now();
    const strict = await detect({ ...dependent, '.npmrc': '\n'.repeat(100_000) });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(strict.install[0]?.argv).not.toContain('--legacy-peer-deps');
  });
  test('installs nothing where nothing is depended on', async () => {
    expect((await detect({ 'package.json': '{}', 'index.js': '' })).install).toEqual([]);
  });
  test('starts by script, then by main, then by a usual file', async () => {
    const start = async (tree: Record<string, string>) => (await detect(tree)).serve(80)?.argv;
    expect(await start({ 'package.json': '{"scripts":{"start":"node x.js"}}', 'server.js': '' })).toEqual([
      '/bin/sh',
      '-c',
      'node x.js',
    ]);
    expect(await start({ 'package.json': '{"main":"./lib/x.js"}', 'lib/x.js': '', 'server.js': '' })).toEqual([
      'node',
      'lib/x.js',
    ]);
    expect(await start({ 'package.json': '{}', 'src/server.ts': '', 'index.js': '' })).toEqual([
      'node',
      'src/server.ts',
    ]);
    expect(await start({ 'package.json': '{}' })).toBeUndefined();
  });
  test('takes the words of devfactory.json before its own', async () => {
    const project = await detect({
      'package.json': '{"scripts":{"start":"x","build":"y"}}',
      'devfactory.json': '{"toolchain":"node","serve":["deno","${PORT}"],"build":[]}',
    });
    expect(project.serve(81)?.argv).toEqual(['deno', '81']);
    expect(project.build).toEqual([]);
  });
  test('builds with the script, or with the compiler when the entry is only there afterwards', async () => {
    const scripted = await detect({ 'package.json': '{"scripts":{"prebuild":"a","build":"b"}}' });
    expect(scripted.build.map(({ argv }) => argv[2])).toEqual(['a', 'b']);
    const compiled = await detect({
      'package.json': '{"main":"dist/x.js","devDependencies":{"typescript":"5"}}',
      'tsconfig.json': '{}',
      'src/x.ts': '',
    });
    expect(compiled.build[0]?.argv).toEqual(['tsc', '-p', 'tsconfig.json']);
    const plain = await detect({
      'package.json': '{"devDependencies":{"typescript":"5"}}',
      'tsconfig.json': '{}',
      'src/server.ts': '',
    });
    expect(plain.build).toEqual([]);
  });
  test('tells a registry that is out of reach from a package that does not exist', () => {
    expect(nodeToolchain().unreachable('npm error code ENOTFOUND')).toBe(true);
    expect(nodeToolchain().unreachable('npm error code E404')).toBe(false);
  });
});
