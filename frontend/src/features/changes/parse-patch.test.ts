import { expect, test } from 'vitest';
import { parsePatch } from './parse-patch.ts';

const patch = `--- a/app.py
+++ b/app.py
@@ -1,3 +1,4 @@ def main():
 one
-two
+deux
+trois
 four
@@ -20,1 +21,1 @@
-old
\\ No newline at end of file
+new
`;

test('numbers each side of a diff by itself', () => {
  const lines = parsePatch(patch);
  expect(lines.map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
    ['hunk', null, null, 'def main():'],
    ['same', 1, 1, 'one'],
    ['removed', 2, null, 'two'],
    ['added', null, 2, 'deux'],
    ['added', null, 3, 'trois'],
    ['same', 3, 4, 'four'],
    ['hunk', null, null, ''],
    ['removed', 20, null, 'old'],
    ['note', null, null, 'No newline at the end of the file'],
    ['added', null, 21, 'new'],
  ]);
});

test('takes lines that look like file names inside a hunk for what they are', () => {
  const lines = parsePatch('--- a/x\n+++ b/x\n@@ -1 +1 @@\n--- old rule\n+++ new rule\n');
  expect(lines.slice(1).map(({ kind, text }) => [kind, text])).toEqual([
    ['removed', '-- old rule'],
    ['added', '++ new rule'],
  ]);
});

test('reads an empty patch as no lines', () => {
  expect(parsePatch('')).toEqual([]);
});
