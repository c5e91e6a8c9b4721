import type { CommentRecord } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import type { DiffRow } from '../diff-rows.ts';
import { placeOf, quoteOf, withComments } from './place-comments.ts';

const line = (key: string, numbers: [number | null, number | null], text: string): DiffRow => ({
  kind: 'line',
  key,
  file: 0,
  twin: null,
  line: {
    kind: numbers[0] === null ? 'added' : numbers[1] === null ? 'removed' : 'same',
    before: numbers[0],
    after: numbers[1],
    text,
  },
});
const rows = [
  line('a', [1, 1], 'one'),
  line('b', [2, null], 'gone'),
  line('c', [null, 2], 'two'),
  line('d', [3, 3], 'three'),
];
const comment = (more: Partial<CommentRecord>): CommentRecord => ({
  id: 'cm-1',
  path: 'a.ts',
  checkpointId: 'ck-2',
  side: 'new',
  lines: { from: 2, to: 2 },
  quote: 'two',
  text: 'why',
  at: '',
  feedbackId: null,
  addressed: null,
  ...more,
});
const kinds = (comments: readonly CommentRecord[]): string =>
  withComments(rows, ['a.ts'], { comments, span: { from: 'ck-1', to: 'ck-2' }, writing: null })
    .map((row) => (row.kind === 'comment' ? '!' : row.key))
    .join('');

test('a comment stands below its line, below the line its code moved to, or nowhere when that code is gone', () => {
  expect(kinds([comment({})])).toBe('abc!d');
  expect(kinds([comment({ side: 'old', checkpointId: 'ck-1', quote: 'gone' })])).toBe('ab!cd');
  expect(kinds([comment({ checkpointId: 'ck-0', quote: 'three', lines: { from: 9, to: 9 } })])).toBe('abcd!');
  expect(kinds([comment({ checkpointId: 'ck-0', quote: 'other' })])).toBe('abcd');
  expect(kinds([comment({ path: 'b.ts' })])).toBe('abcd');
});

test('lines are quoted as their side has them', () => {
  const lines = { from: 1, to: 2 };
  expect(quoteOf(rows, ['a.ts'], { path: 'a.ts', side: 'new', lines })).toBe('one\ntwo');
  expect(quoteOf(rows, ['a.ts'], { path: 'a.ts', side: 'old', lines })).toBe('one\ngone');
  expect(placeOf(rows[1] as DiffRow, 'a.ts')).toEqual({ path: 'a.ts', side: 'old', lines: { from: 2, to: 2 } });
});
