import { expect, test } from 'vitest';
import type { TestSuite } from '../verify/index.ts';
import { packSuites, testFilesOf } from './pack-suites.ts';

const suite = (path: string, tests = 1, beside: readonly string[] = []): TestSuite => ({
  toolchain: path.endsWith('.py') ? 'python' : 'node',
  files: [...beside, path].map((each) => ({ path: each, content: '' })),
  tests: Array.from({ length: tests }, (_, index) => `${path}::${index}`),
});
const many = (count: number, tests = 1): TestSuite[] =>
  Array.from({ length: count }, (_, index) =>
    suite(`t/${String(index).padStart(3, '0')}.test.js`, tests, ['t/help.js']),
  );

test('a check for each file, as long as a requirement takes them', () => {
  expect(packSuites(many(20))).toEqual(many(20));
});

test('of more files the smallest share a check, and none is left out', () => {
  const packed = packSuites([...many(30), suite('t/large.test.js', 400)]);
  expect(packed).toHaveLength(20);
  expect(packed.flatMap(testFilesOf)).toHaveLength(31);
  expect(packed.find(({ tests }) => tests.length >= 400)?.tests).toHaveLength(400);
  for (const { files } of packed) expect(files.filter(({ path }) => path === 't/help.js').length).toBeLessThan(2);
});

test('a check holds one toolchain, 50 files and 500 tests at most', () => {
  const packed = packSuites([...many(30, 300), suite('t/001.test.py')]);
  expect(packed).toHaveLength(20);
  for (const { tests } of packed) expect(tests.length).toBeLessThanOrEqual(500);
});

test('of a file with more tests, or names that are too long, the others are kept', () => {
  const [large] = packSuites([suite('a.test.js', 501)]);
  expect(large?.tests).toHaveLength(500);
  const named = { ...suite('b.test.js', 2), tests: [`b.test.js::${'a'.repeat(500)}`, 'b.test.js::short'] };
  expect(packSuites([named])).toEqual([{ ...named, tests: ['b.test.js::short'] }]);
  expect(packSuites([suite(`${'a'.repeat(500)}.test.js`)])).toEqual([]);
});
