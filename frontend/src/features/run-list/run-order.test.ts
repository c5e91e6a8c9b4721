import type { RunSummary } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { ordered } from './run-order.ts';

const run = (name: string, updatedAt: string, [proven, total]: readonly [number, number]): RunSummary => ({
  id: name,
  name,
  agent: 'blueprint',
  state: 'waiting',
  sentence: '',
  needsPerson: true,
  requirements: { proven, total },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt,
});
const runs = [
  run('Shop 10', '2026-01-02T00:00:00.000Z', [3, 4]),
  run('Shop 9', '2026-01-04T00:00:00.000Z', [4, 4]),
  run('Air', '2026-01-03T00:00:00.000Z', [0, 0]),
];
const names = (order: Parameters<typeof ordered>[1]): string[] => ordered(runs, order).map((item) => item.name);

test('orders runs as people look for them', () => {
  expect(names('newest')).toEqual(['Shop 10', 'Shop 9', 'Air']);
  expect(names('active')).toEqual(['Shop 9', 'Air', 'Shop 10']);
  expect(names('name')).toEqual(['Air', 'Shop 9', 'Shop 10']);
  expect(names('open')).toEqual(['Air', 'Shop 10', 'Shop 9']);
});
