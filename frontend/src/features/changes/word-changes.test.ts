import { expect, test } from 'vitest';
import { wordChanges } from './word-changes.ts';

test('marks the words that differ, on each side by its own columns', () => {
  expect(wordChanges('return 400, body', 'return 422, whole body')).toEqual({
    before: [{ start: 7, end: 10 }],
    after: [
      { start: 7, end: 10 },
      { start: 12, end: 18 },
    ],
  });
});

test('marks nothing where two lines have little in common, or are too long to compare', () => {
  expect(wordChanges('import os', '@app.get("/health")')).toBeNull();
  expect(wordChanges('a '.repeat(400), 'b '.repeat(400))).toBeNull();
});
