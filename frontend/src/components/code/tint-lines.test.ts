import { expect, test } from 'vitest';
import { stretches } from './ink.ts';
import { tintLines } from './tint-lines.ts';

const tints = (text: string, path: string) =>
  (tintLines(text, path) ?? []).map((line) =>
    line.flatMap(({ tint, text: part }) => (tint === 'plain' ? [] : [[tint, part]])),
  );

test('knows on every line what began on an earlier one', () => {
  expect(tints('def f():\n    """Says\n    for whom.\n    """\n    return 1', 'a.py')).toEqual([
    [
      ['keyword', 'def'],
      ['name', 'f'],
    ],
    [['string', '"""Says']],
    [['string', '    for whom.']],
    [['string', '    """']],
    [['keyword', 'return']],
  ]);
  expect(tints('/* one\n if two */ let x', 'b.ts')[1]).toEqual([
    ['comment', ' if two */'],
    ['keyword', 'let'],
  ]);
});

test('keeps every character of every line, whatever ends them', () => {
  const text = 'const a = `x${b}y`;\r\nif (c) {}\r\n';
  const lines = tintLines(text, 'a.ts') ?? [];
  expect(lines.map((line) => line.map((piece) => piece.text).join(''))).toEqual([
    'const a = `x${b}y`;',
    'if (c) {}',
    '',
  ]);
});

test('leaves a text alone whose language it does not know, or that is too long to read at once', () => {
  expect(tintLines('for the record', 'notes.unheard')).toBeNull();
  expect(tintLines('x'.repeat(300_001), 'a.ts')).toBeNull();
});

test('cuts a line where its ink or its mark changes', () => {
  const pieces = [
    { text: 'return', tint: 'keyword' as const },
    { text: ' one', tint: 'plain' as const },
  ];
  expect(stretches('return one', pieces, [{ start: 3, end: 8 }])).toEqual([
    { text: 'ret', tint: 'keyword', marked: false },
    { text: 'urn', tint: 'keyword', marked: true },
    { text: ' o', tint: 'plain', marked: true },
    { text: 'ne', tint: 'plain', marked: false },
  ]);
  expect(stretches('other', pieces)).toEqual([{ text: 'other', tint: 'plain', marked: false }]);
});
