import { expect, test } from 'vitest';
import { oneLine } from './terminal.ts';

test('text of a model or a program cannot move the cursor, rename the window or turn the reading direction', () => {
  expect(oneLine('a\u001B[2Jb\nc\u001B]0;x\u0007d\u202Ee\u009B5m')).toBe('a [2Jb c ]0;x d e 5m');
});

test('a long text is cut', () => {
  expect(oneLine('x'.repeat(200), 10)).toBe('xxxxxxxxx…');
});
