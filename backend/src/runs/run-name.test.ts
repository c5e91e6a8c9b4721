import { expect, test } from 'vitest';
import { nameOf } from './run-name.ts';

test.each([
  ['  Build\n a \t thing ', 'Build a thing'],
  ['\u0000\u0007', 'Untitled'],
  ['a\u0000b\ud800c', 'a b c'],
  ['word '.repeat(30), `${'word '.repeat(15)}word…`],
  ['x'.repeat(200), `${'x'.repeat(80)}…`],
])('%j is called %j', (prompt, name) => {
  expect(nameOf(prompt)).toBe(name);
});
