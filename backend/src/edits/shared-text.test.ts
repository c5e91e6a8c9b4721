import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { become, lineEndOf } from './shared-text.ts';

function docOf(text: string): Y.Doc {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, text);
  return doc;
}

test('a text becomes another one by its changes, whatever they are', () => {
  for (const [before, after] of [
    ['a\nb\nc\n', 'a\nB\nc\n'],
    ['', 'x'],
    ['x', ''],
    ['a\nb\n', 'b\nc\n'],
    ['one two\n', 'one 2 two\nthree'],
    ['x'.repeat(200_000), 'y'.repeat(200_000)],
  ] as const) {
    const doc = docOf(before);
    become(doc.getText('text'), after);
    expect(doc.getText('text').toJSON()).toBe(after);
  }
});

test('what others type beside a change stays', () => {
  const doc = docOf('one\ntwo\nthree\n');
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  other.getText('text').insert(0, 'typed ');
  other.getText('text').insert(other.getText('text').toJSON().indexOf('three'), 'typed too ');
  become(doc.getText('text'), 'one\nTWO\nthree and four\n');
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  const text = doc.getText('text').toJSON();
  expect(text.startsWith('typed one\n')).toBe(true);
  for (const part of ['typed too ', 'TWO\n', 'three and four\n']) expect(text).toContain(part);
  expect(text).toHaveLength('typed one\nTWO\ntyped too three and four\n'.length);
});

test('line ends are those of the file only where all are the same', () => {
  expect(lineEndOf('a\r\nb\r\n')).toBe('\r\n');
  expect(lineEndOf('a\r\nb\n')).toBe('\n');
  expect(lineEndOf('a')).toBe('\n');
});
