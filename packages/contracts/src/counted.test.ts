import { expect, test } from 'vitest';
import { counted, provenWords } from './counted.ts';

test('one thing is counted in the singular, none and several in the plural', () => {
  expect([0, 1, 2, 12_000].map((count) => counted(count, 'check'))).toEqual([
    '0 checks',
    '1 check',
    '2 checks',
    '12,000 checks',
  ]);
  expect(counted(2, 'entry', 'entries')).toBe('2 entries');
});

test('one requirement is never called all 1 requirements', () => {
  expect([provenWords(1, 1), provenWords(0, 1), provenWords(5, 5), provenWords(1, 5), provenWords(0, 0)]).toEqual([
    'The one requirement is proven',
    'The one requirement is not proven',
    'All 5 requirements are proven',
    '1 of 5 requirements are proven',
    '0 of 0 requirements are proven',
  ]);
});
