import { expect, test } from 'vitest';
import { guessMapping, looksLikeTable, wishesOf } from './requirement-table.ts';

const table = [
  ['ID', 'Requirement', 'Priority', 'Acceptance criteria'],
  ['1', 'Orders can be listed.', 'High', 'GET /orders answers 200'],
  ['2', 'Orders can be  filtered', 'Should', ''],
  ['3', '', 'must', 'GET /x'],
  ['', '', '', ''],
  ['4', 'orders can be filtered', 'low', ''],
];

test('guesses what each column means by its heading', () => {
  expect(guessMapping(table)).toEqual({ text: 1, acceptance: 3, priority: 2, heading: true });
  expect(
    guessMapping([
      ['a', 'Orders can be listed'],
      ['b', 'And filtered'],
    ]),
  ).toEqual({
    text: 1,
    acceptance: null,
    priority: null,
    heading: false,
  });
});

test('makes requirements of the rows, and says which rows are none and why', () => {
  expect(wishesOf(table, guessMapping(table))).toEqual({
    wishes: [
      { text: 'Orders can be listed. Acceptance: GET /orders answers 200', priority: 'must' },
      { text: 'Orders can be filtered', priority: 'should' },
    ],
    skipped: [
      { line: 4, text: '3 must GET /x', why: 'empty' },
      { line: 6, text: 'orders can be filtered', why: 'duplicate' },
    ],
  });
});

test('leaves out what is in the list already', () => {
  const { wishes, skipped } = wishesOf(
    [['One'], ['Two']],
    { text: 0, acceptance: null, priority: null, heading: false },
    ['one'],
  );
  expect(wishes.map((wish) => wish.text)).toEqual(['Two']);
  expect(skipped).toEqual([{ line: 1, text: 'One', why: 'duplicate' }]);
});

test('knows a pasted table from pasted prose and lists', () => {
  expect(looksLikeTable('Requirement,Priority\nOrders can be listed,must')).toBe(true);
  expect(looksLikeTable('1\tOrders\n2\tLines')).toBe(true);
  expect(looksLikeTable('Orders, lines, and totals\nare shown, and sorted')).toBe(false);
  expect(looksLikeTable('- one\n- two')).toBe(false);
});
