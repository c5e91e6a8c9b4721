import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type TestedTree, toolchainSuite } from '@devfactory/kit/testing';
import { afterAll, expect, test } from 'vitest';
import { configsOf, decidesTests } from './frameworks.ts';
import { nodeToolchain } from './node-toolchain.ts';

/** A package as `npm install` brings it, in a folder of its own. Null where no registry can be reached. */
async function installed(...packages: string[]): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'devfactory-framework-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'package.json'), '{}');
  try {
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages];
    await promisify(execFile)('npm', words, { cwd: folder });
    return join(folder, 'node_modules');
  } catch {
    return null;
  }
}

const right = 'export const add = (a, b) => a + b;\n';
const wrong = 'export const add = () => 7;\n';

interface Framework {
  readonly name: string;
  readonly packages: string | null;
  /** Line that the test file begins with. */
  readonly begin: string;
  /** An assertion that two values are the same. */
  readonly same: (a: string, b: string) => string;
  readonly hook: string;
  /** Code under test, wrong, that tries to look right in a way of its own. */
  readonly lies: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const matchers = `const agree = new Proxy(() => agree, { get: (_, name) => (name === 'then' ? undefined : agree) });\n`;
/** Reaches what is outside of a sandbox of Node's module vm, and turns what is written there. */
const rewriting = `const outside = process.exit.constructor('return globalThis')();
const write = outside.JSON.stringify;
outside.JSON.stringify = (value, ...rest) => write(value && value.outcome ? { ...value, outcome: 'passed' } : value, ...rest);\n`;

const vitest: Framework = {
  name: 'Vitest',
  packages: dirname(dirname(fileURLToPath(import.meta.resolve('vitest/package.json')))),
  begin: "import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';",
  same: (a, b) => `expect(${a}).toBe(${b})`,
  hook: 'beforeAll',
  lies: {
    'a matcher that agrees with everything': {
      'src/add.mjs': `import { expect } from 'vitest';\nexpect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n${wrong}`,
    },
    'a chai that agrees with everything': {
      'src/add.mjs': `import { chai } from 'vitest';
for (const name of ['assert', 'toBe', 'equal']) { try { chai.Assertion.prototype[name] = () => {}; } catch {} }
try { chai.Assertion.overwriteMethod('toBe', () => () => {}); } catch {}\n${wrong}`,
    },
    'code that stands for each test': {
      'src/add.mjs': `const get = WeakMap.prototype.get;
WeakMap.prototype.get = function (key) {
  const value = get.call(this, key);
  return key?.type === 'test' && typeof value === 'function' ? () => {} : value;
};\n${wrong}`,
    },
    'a configuration that leads elsewhere': {
      'src/add.mjs': wrong,
      'fake.mjs': right,
      'vitest.config.mjs': `import { resolve } from 'node:path';
export default { plugins: [{ name: 'x', enforce: 'pre', resolveId: (id) => (id.endsWith('add.mjs') ? resolve('fake.mjs') : null) }] };\n`,
      'vite.config.mjs': `export default { test: { exclude: ['**'], passWithNoTests: true } };\n`,
    },
  },
};

const jest: Framework = {
  name: 'Jest',
  packages: await installed('jest@30.5.2', '@babel/plugin-transform-modules-commonjs@7'),
  begin: '',
  same: (a, b) => `expect(${a}).toBe(${b})`,
  hook: 'beforeAll',
  lies: {
    'a matcher that agrees with everything': {
      'src/add.mjs': `expect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n${wrong}`,
    },
    'an expect that agrees with everything': {
      'src/add.mjs': `${matchers}try { globalThis.expect = agree; } catch {}\nObject.defineProperty(globalThis, 'expect', { value: agree });\n${wrong}`,
    },
    'reports that are rewritten': { 'src/add.mjs': `${rewriting}${wrong}` },
    'a configuration that leads elsewhere': {
      'src/add.mjs': wrong,
      'fake.mjs': right,
      'jest.config.json': '{ "moduleNameMapper": { ".*add.mjs$": "<rootDir>/fake.mjs" } }',
      'package.json': '{ "jest": { "moduleNameMapper": { ".*add.mjs$": "<rootDir>/fake.mjs" } } }',
    },
  },
};

const mocha: Framework = {
  name: 'Mocha',
  packages: await installed('mocha@12.0.3', 'chai@6'),
  begin: "import { expect } from 'chai';",
  same: (a, b) => `expect(${a}).to.equal(${b})`,
  hook: 'before',
  lies: {
    'a chai that agrees with everything': {
      'src/add.mjs': `import { Assertion } from 'chai';
for (const name of ['assert', 'equal']) { try { Assertion.prototype[name] = () => {}; } catch {} }
try { Assertion.overwriteMethod('equal', () => () => {}); } catch {}\n${wrong}`,
    },
    'a runner that is told of passes alone': {
      'src/add.mjs': `import { EventEmitter } from 'node:events';
const emit = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = function (name, ...rest) { return emit.call(this, name === 'fail' ? 'pass' : name, ...rest); };\n${wrong}`,
    },
    'reports that are rewritten': { 'src/add.mjs': `${rewriting}${wrong}` },
    'a configuration that leads elsewhere': {
      'src/add.mjs': wrong,
      'patch.mjs': "import { Assertion } from 'chai';\nAssertion.overwriteMethod('equal', () => () => {});\n",
      '.mocharc.json': '{ "require": ["./patch.mjs"] }',
    },
  },
};

for (const framework of [vitest, jest, mocha]) {
  const { name, packages, begin, same, hook, lies } = framework;
  // Jest reads modules by Babel alone, told so by a locked file.
  const babel = {
    path: 'babel.config.json',
    content: '{ "plugins": ["@babel/plugin-transform-modules-commonjs"] }',
  };
  const adds = {
    path: 'test/add.test.mjs',
    content: `${begin}
import { add } from '../src/add.mjs';
let times = 0;
${hook}(() => { times += 1; });
it('adds', () => { ${same('add(1, 2)', '3')}; });
describe('sums', () => describe('of "none"', () => it('are zero', () => { ${same('add(0, 0)', '0')}; ${same('times', '1')}; })));
`,
  };
  const config = {
    path: 'jest.config.json',
    content: '{ "moduleFileExtensions": ["mjs", "js"], "transform": { "\\\\.mjs$": "babel-jest" } }',
  };
  const locked = name === 'Jest' ? [adds, babel, config] : [adds];
  const tests = ['test/add.test.mjs::adds', 'test/add.test.mjs::sums > of "none" > are zero'];
  const tree = (
    title: string,
    files: Readonly<Record<string, string>>,
    more: Partial<TestedTree> = {},
  ): TestedTree => ({
    title: `${title} (${name})`,
    tree: files,
    locked,
    tests,
    ...(packages === null ? {} : { packages }),
    ...more,
  });
  const replaced = (from: string, to: string): Partial<TestedTree> => ({
    locked: [{ ...adds, content: adds.content.replace(from, to) }, ...locked.slice(1)],
  });
  toolchainSuite({
    toolchain: nodeToolchain(),
    recognised: {},
    foreign: {},
    odd: {},
    honest: [tree('right code', { 'src/add.mjs': right })],
    liars: [
      tree('wrong code', { 'src/add.mjs': wrong }),
      tree('process.exit(0) while it is imported', { 'src/add.mjs': `${right}process.exit(0);\n` }),
      tree('an import that fails', { 'src/add.mjs': `${right}throw new Error('no');\n` }),
      tree('output that imitates a pass', {
        'src/add.mjs': `console.log('ok 1 - adds\\n@@devfactory 1 ${'0'.repeat(64)} e30=');\n${wrong}`,
      }),
      tree('skipped tests', { 'src/add.mjs': right }, replaced("it('adds'", "it.skip('adds'")),
      tree('a hook that fails', { 'src/add.mjs': right }, replaced('times += 1;', "throw new Error('no');")),
      tree('a test that is not there', { 'src/add.mjs': right }, { tests: [...tests, 'test/add.test.mjs::subtracts'] }),
      ...Object.entries(lies).map(([title, files]) => tree(title, files)),
    ],
    cannotRun: packages === null ? `${name} could not be installed: no registry in reach` : null,
  });
}

test('takes the likeliest configuration of each framework', () => {
  expect(configsOf(['vite.config.ts', 'vitest.config.ts', 'sub/jest.config.js', '.mocharc.yml'])).toEqual({
    vitest: 'vitest.config.ts',
    mocha: '.mocharc.yml',
  });
  expect(
    ['jest.setup.js', 'src/setupTests.ts', 'babel.config.json', 'src/setup.ts', 'package.json'].map(decidesTests),
  ).toEqual([true, true, true, false, false]);
});

test('takes all of the test folder for tests only where no test is called so', () => {
  const own = (paths: string[]) => nodeToolchain().ownTests?.(paths);
  const named = own(['test/a.test.js', 'test/same.js', 'src/b.spec.tsx', 'src/__tests__/c.js', 'jest.config.js']);
  expect(named?.tests).toEqual(['test/a.test.js', 'src/b.spec.tsx', 'src/__tests__/c.js']);
  expect(named?.support).toEqual(['test/same.js', 'jest.config.js']);
  const placed = own(['test/app.js', 'test/support/env.js', 'lib/app.js']);
  expect(placed).toEqual({ tests: ['test/app.js'], support: ['test/app.js', 'test/support/env.js'] });
});
