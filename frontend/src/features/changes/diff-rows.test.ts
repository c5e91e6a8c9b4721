import type { FilePatch } from '@devfactory/client';
import { expect, test } from 'vitest';
import { changeStarts, fileRows, type DiffFile, type DiffRow } from './diff-rows.ts';

const text = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
const patch = [
  '@@ -4,5 +4,6 @@ def one():',
  ' line 4',
  '-old a',
  '-old b',
  '+new a',
  '+new b',
  '+new c',
  ' line 8',
  '@@ -30,2 +31,1 @@',
  ' line 31',
  '-gone',
].join('\n');

function file(change: Partial<DiffFile> = {}): DiffFile {
  const read: FilePatch = { path: 'a.py', patch, binary: false, truncated: false };
  return {
    changed: {
      path: 'a.py',
      change: 'modified',
      before: 'a'.repeat(64),
      after: 'b'.repeat(64),
      binary: false,
      additions: 3,
      deletions: 3,
    },
    closed: false,
    patch: read,
    failed: false,
    whole: undefined,
    open: new Set(),
    ...change,
  };
}

const told = (rows: readonly DiffRow[]): string[] =>
  rows.map((row) => {
    if (row.kind === 'line') return `${row.line.before ?? ''}|${row.line.after ?? ''} ${row.line.text}`;
    if (row.kind === 'pair') return `${row.before?.text ?? '.'} / ${row.after?.text ?? '.'}`;
    return row.kind === 'fold' ? `fold ${row.hidden} ${row.label}`.trim() : row.kind;
  });

test('shows a file as its head, its changed lines, and folds between them', () => {
  expect(told(fileRows(file(), 0, 'unified'))).toEqual([
    'file',
    'fold 3 def one():',
    '4|4 line 4',
    '5| old a',
    '6| old b',
    '|5 new a',
    '|6 new b',
    '|7 new c',
    '7|8 line 8',
    'fold 22',
    '30|31 line 31',
    '31| gone',
  ]);
});

test('puts what was removed opposite to what was added in its place', () => {
  expect(told(fileRows(file(), 0, 'split'))).toEqual([
    'file',
    'fold 3 def one():',
    'line 4 / line 4',
    'old a / new a',
    'old b / new b',
    '. / new c',
    'line 8 / line 8',
    'fold 22',
    'line 31 / line 31',
    'gone / .',
  ]);
});

test('unfolds one part or all of them, numbered on both sides, down to the end of the file', () => {
  const one = told(fileRows(file({ whole: text, open: new Set([0]) }), 0, 'unified'));
  expect(one.slice(0, 5)).toEqual(['file', '1|1 line 1', '2|2 line 2', '3|3 line 3', '4|4 line 4']);
  expect(one).toContain('fold 22');
  const all = told(fileRows(file({ whole: text, open: 'all' }), 0, 'unified'));
  expect(all.filter((row) => row.startsWith('fold'))).toEqual([]);
  expect(all).toContain('8|9 line 9');
  expect(all.at(-1)).toBe('40|40 line 40');
});

test('finds where each change begins', () => {
  expect(changeStarts(fileRows(file(), 0, 'unified'))).toEqual([3, 11]);
  expect(changeStarts(fileRows(file(), 0, 'split'))).toEqual([3, 9]);
});

test('says what cannot be shown as lines', () => {
  const unread = { path: 'a', patch: null, binary: true, truncated: false };
  expect(told(fileRows(file({ patch: unread }), 0, 'unified'))).toEqual(['file', 'note']);
  expect(told(fileRows(file({ patch: undefined }), 0, 'unified'))).toEqual(['file', 'wait']);
  expect(told(fileRows(file({ closed: true }), 0, 'unified'))).toEqual(['file']);
});
