import { expect, test } from 'vitest';
import { fillJson, fillPath, fillText } from './template.ts';

const saved = new Map<string, unknown>([
  ['id', 7],
  ['token', 'abc'],
  ['name', 'a b'],
  ['row', { x: 1 }],
]);

test('a text gets saved values and keeps names that nothing saved', () => {
  expect(fillText('Bearer ${token} ${missing} $${id}', saved)).toBe('Bearer abc ${missing} $7');
  expect(fillText('${row}', saved)).toBe('{"x":1}');
});
test('a path gets values that a path can carry', () => {
  expect(fillPath('/items/${id}/${name}', saved)).toBe('/items/7/a%20b');
});
test('a saved value is not taken for a template again', () => {
  expect(fillText('${loop}', new Map([['loop', '${loop}']]))).toBe('${loop}');
});
test('JSON keeps the type of a value that stands alone', () => {
  expect(fillJson({ id: '${id}', list: ['x-${id}', 3, null] }, saved)).toEqual({ id: 7, list: ['x-7', 3, null] });
});
