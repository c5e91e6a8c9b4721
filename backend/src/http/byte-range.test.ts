import { expect, test } from 'vitest';
import { rangeOf } from './byte-range.ts';

const file = { bytes: 100, etag: '"abc"' };

test.each([
  ['bytes=0-0', { offset: 0, length: 1 }],
  ['bytes=40-', { offset: 40, length: 60 }],
  ['bytes=90-500', { offset: 90, length: 10 }],
  ['bytes=-7', { offset: 93, length: 7 }],
  ['bytes=-700', { offset: 0, length: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', null],
  ['bytes=-', null],
  ['bytes=0-1,5-6', null],
  ['lines=0-1', null],
  ['', null],
])('%j of 100 bytes is %j', (range, expected) => {
  expect(rangeOf({ range }, file)).toEqual(expected);
});

test('a condition that names another file sends all of it', () => {
  expect(rangeOf({ range: 'bytes=1-2', 'if-range': '"abc"' }, file)).toEqual({ offset: 1, length: 2 });
  expect(rangeOf({ range: 'bytes=1-2', 'if-range': '"old"' }, file)).toBeNull();
  expect(rangeOf({ range: 'bytes=1-2', 'if-range': 'Mon, 23 Nov 2026 00:00:00 GMT' }, file)).toBeNull();
});
