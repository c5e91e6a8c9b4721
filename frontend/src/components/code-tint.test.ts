import { expect, test } from 'vitest';
import { tint } from './code-tint.ts';

const tints = (line: string, path: string) =>
  tint(line, path)
    .filter((piece) => piece.tint !== 'plain')
    .map((piece) => [piece.tint, piece.text]);

test('tells comments, strings and keywords apart', () => {
  expect(tints('return "a # b"  # why', 'app.py')).toEqual([
    ['keyword', 'return'],
    ['string', '"a # b"'],
    ['comment', '# why'],
  ]);
  expect(tints("const url = 'http://x'; // there", 'a.ts')).toEqual([
    ['keyword', 'const'],
    ['string', "'http://x'"],
    ['comment', '// there'],
  ]);
});

test('keeps every character of a line', () => {
  const line = `if (x === "un\\"done) { return \`\${a}\`; } /* open`;
  expect(
    tint(line, 'a.tsx')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(line);
});

test('leaves what it does not know as it is', () => {
  expect(tint('for the record', 'notes.txt')).toEqual([{ text: 'for the record', tint: 'plain' }]);
});
