import { expect, test } from 'vitest';
import { parseRequirementList } from './requirement-list.ts';

const texts = (source: string): string[] => parseRequirementList(source).wishes.map((wish) => wish.text);

test('bullets, numbers and check boxes are requirements, headings and code are not', () => {
  const source = '# Wishes\n\n- one\n* [ ] two\n  goes on\n\n3. three\n```\n- not this\n```\nprose after\n10) four';
  expect(texts(source)).toEqual(['one', 'two goes on', 'three', 'four']);
});

test('a text without any list gives one requirement for each paragraph', () => {
  expect(texts('\uFEFFThe API answers\r\nin JSON.\r\n\r\n> quoted\r\n\r\nIt stores books.')).toEqual([
    'The API answers in JSON.',
    'It stores books.',
  ]);
});

test('ids that people wrote are dropped and priorities are read', () => {
  expect(parseRequirementList('- R-1: login works (should)\n- **R2** – logout works').wishes).toEqual([
    { text: 'login works', priority: 'should' },
    { text: 'logout works', priority: 'must' },
  ]);
});

test('a repeated line is skipped and named', () => {
  expect(parseRequirementList('- Same\n- same').skipped).toEqual([{ line: 2, text: 'same', why: 'duplicate' }]);
});
