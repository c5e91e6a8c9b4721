import { expect, test } from 'vitest';
import { readIssues } from './issues.ts';

test('issues are named by a repository and their numbers', () => {
  expect(readIssues('acme/shop#12')).toEqual({ repository: 'acme/shop', numbers: '12' });
  expect(readIssues('acme/shop#12,14')).toEqual({ repository: 'acme/shop', numbers: '12,14' });
});

test.each([
  'acme/shop',
  'acme/shop#',
  'acme/shop#0',
  'acme/shop#1,',
  'shop#1',
  'acme/..#1',
  '#1',
  'a/b#1#2',
  `a/b#${'1,'.repeat(50)}1`,
])('%s is no way to name issues', (text) => {
  expect(() => readIssues(text)).toThrow('--issues is written');
});
