import { expect, test } from 'vitest';
import { treeRows } from './file-tree.ts';

const entries = ['src/app.py', 'README.md', 'src/store/db.py', 'tests/test_app.py'].map((path) => ({
  path,
  type: 'file',
  size: 10,
}));

test('lists folders before files, each with what is in it, also when no entry names the folder', () => {
  expect(
    treeRows(entries, new Set()).map((row) => `${'  '.repeat(row.depth)}${row.name}${row.folder ? '/' : ''}`),
  ).toEqual(['src/', '  store/', '    db.py', '  app.py', 'tests/', '  test_app.py', 'README.md']);
});

test('folds what is closed', () => {
  expect(treeRows(entries, new Set(['src'])).map((row) => row.path)).toEqual([
    'src',
    'tests',
    'tests/test_app.py',
    'README.md',
  ]);
});
