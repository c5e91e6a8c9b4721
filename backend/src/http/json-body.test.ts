import { expect, test } from 'vitest';
import { parseJson } from './json-body.ts';

test('brackets in strings are no depth, and harmless keys stay', () => {
  const value = {
    text: '['.repeat(1000),
    escaped: '\\"[[',
    constructor: 'of a racing team',
    list: [{ prototype: 'of a car' }],
  };
  expect(parseJson(JSON.stringify(value))).toEqual(value);
});

test.each([
  ['{"a":{"__proto__":1}}', 'forbidden_key'],
  ['[{"constructor":{"prototype":{}}}]', 'forbidden_key'],
  ['{', 'malformed_json'],
  [' ', 'empty_body'],
  ['['.repeat(61) + ']'.repeat(61), 'too_deep'],
])('%s is refused', (text, code) => {
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ code, status: 400 }));
});
