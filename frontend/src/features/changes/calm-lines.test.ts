import { expect, test } from 'vitest';
import { calmLines } from './calm-lines.ts';
import { parsePatch } from './parse-patch.ts';

const calm = (patch: string): string[] =>
  calmLines(parsePatch(patch)).map(
    ({ kind, before, after, text }) => `${kind} ${before ?? '-'} ${after ?? '-'} ${text}`,
  );

test('a line that differs in spaces alone is the same line, as the newer side has it', () => {
  expect(calm('@@ -1,4 +1,5 @@\n a\n-if (x) {\n-b = 1\n+if (x)  {\n+    b = 1\n+    c = 2\n end\n')).toEqual([
    'hunk - - ',
    'same 1 1 a',
    'same 2 2 if (x)  {',
    'same 3 3     b = 1',
    'added - 4     c = 2',
    'same 4 5 end',
  ]);
});

test('a part in which nothing else differs is left out, others stay', () => {
  expect(calm('@@ -1 +1 @@\n-a\n+ a\n@@ -9 +9 @@ there\n-b\n+c\n')).toEqual([
    'hunk - - there',
    'removed 9 - b',
    'added - 9 c',
  ]);
  expect(calm('@@ -1,2 +1,2 @@\n-a\n-b\n+a \n+\tb\n\\ No newline at end of file\n')).toEqual([]);
});

test('very long parts are left as they are rather than kept waiting for', () => {
  const side = (sign: string, end: string): string =>
    Array.from({ length: 2000 }, (_, n) => `${sign}${n}${end}\n`).join('');
  const began = performance.now();
  expect(calm(`@@ -1,2000 +1,2000 @@\n${side('-', '')}${side('+', ' ')}`)).toHaveLength(4001);
  expect(performance.now() - began).toBeLessThan(1000);
});
