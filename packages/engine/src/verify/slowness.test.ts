import { expect, test } from 'vitest';
import { slownessNow, slownessOf } from './slowness.ts';

test('a machine with two processes for each core or more is as slow as there are, fivefold at most', () => {
  expect([0, 2, 3.9, 4, 5, 30, 400].map((load) => slownessOf(load, 2))).toEqual([1, 1, 1, 2, 3, 5, 5]);
  expect(slownessOf(5, 0)).toBe(5);
  expect(slownessNow()).toBeGreaterThanOrEqual(1);
});
