import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test('a slip of the finger still finds the word', () => {
  const known = ['run', 'runs', 'restore-checkpoint', 'export'];
  expect(nearest('rnu', known)).toBe('run');
  expect(nearest('restore-chekpoint', known)).toBe('restore-checkpoint');
  expect(nearest('Exprot', known)).toBe('export');
});

test('something else finds nothing', () => {
  expect(nearest('deploy', ['run', 'runs', 'export'])).toBeNull();
});
