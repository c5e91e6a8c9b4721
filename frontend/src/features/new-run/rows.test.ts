import { expect, test } from 'vitest';
import { newRow } from './draft.ts';
import { insertedWishes, mergedRow, movedRow, splitRow, splitSentences } from './rows.ts';

const [one, two, three] = [newRow('one'), newRow('two is. Two was', 'should'), newRow('three', 'could')] as const;
const rows = [one, two, three];
const told = (list: readonly { readonly text: string; readonly priority: string }[]): string[] =>
  list.map((row) => `${row.text} (${row.priority})`);

test('moves a row by one place and never over the edge', () => {
  expect(told(movedRow(rows, three.key, -1))).toEqual(['one (must)', 'three (could)', 'two is. Two was (should)']);
  expect(movedRow(rows, one.key, -1)).toBe(rows);
});

test('splits a row at a place, or at its sentences, and keeps its priority', () => {
  const next = newRow();
  expect(told(splitRow(rows, two.key, { at: 7, next }))).toEqual([
    'one (must)',
    'two is. (should)',
    'Two was (should)',
    'three (could)',
  ]);
  expect(told(splitSentences(rows, two.key))).toEqual([
    'one (must)',
    'two is. (should)',
    'Two was (should)',
    'three (could)',
  ]);
  expect(told(splitSentences(rows, one.key))).toEqual(told(rows));
});

test('merges a row into the one above, with the more urgent priority', () => {
  expect(told(mergedRow(rows, three.key))).toEqual(['one (must)', 'two is. Two was three (should)']);
  expect(mergedRow(rows, one.key)).toBe(rows);
});

test('puts what was pasted in the place of an empty row', () => {
  const empty = newRow();
  expect(told(insertedWishes([one, empty], empty.key, [{ text: 'new', priority: 'must' }]))).toEqual([
    'one (must)',
    'new (must)',
  ]);
});
