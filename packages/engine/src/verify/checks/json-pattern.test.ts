import { describe, expect, test } from 'vitest';
import { atPointer, jsonMismatch } from './json-pattern.ts';

const matches = (pattern: unknown, value: unknown) => jsonMismatch(pattern, value) === null;

describe('a JSON pattern', () => {
  test('takes objects with more members than it names', () => {
    expect(matches({ id: 1 }, { id: 1, name: 'x' })).toBe(true);
    expect(matches({}, { id: 1 })).toBe(true);
    expect(matches({}, [])).toBe(false);
    expect(matches({ id: 1 }, null)).toBe(false);
  });
  test('takes arrays element by element and of the same length only', () => {
    expect(matches([1, { a: 2 }], [1, { a: 2, b: 3 }])).toBe(true);
    expect(matches([], [1])).toBe(false);
    expect(matches([1], [])).toBe(false);
  });
  test('compares scalars by equality without coercion', () => {
    expect(matches(1, '1')).toBe(false);
    expect(matches(null, null)).toBe(true);
    expect(matches(0, -0)).toBe(true);
    expect(matches(true, 1)).toBe(false);
  });
  test('says where the first difference is', () => {
    expect(jsonMismatch({ items: [{ name: 'a' }] }, { items: [{ name: 'b' }] })).toBe(
      '/items/0/name should be "a" but is "b"',
    );
    expect(jsonMismatch({ token: { $type: 'string' } }, {})).toContain('/token is not there');
    expect(jsonMismatch({ 'a/b': 1 }, { 'a/b': 2 })).toContain('/a~1b');
  });
  test('knows types, with integer as a kind of number', () => {
    expect(matches({ $type: 'integer' }, 3)).toBe(true);
    expect(matches({ $type: 'number' }, 3)).toBe(true);
    expect(matches({ $type: 'integer' }, 3.5)).toBe(false);
    expect(matches({ $type: 'null' }, null)).toBe(true);
    expect(matches({ $type: 'object' }, [])).toBe(false);
    expect(matches({ $type: 'array' }, [])).toBe(true);
  });
  test('finds substrings and matching elements with $includes', () => {
    expect(matches({ $includes: 'ell' }, 'hello')).toBe(true);
    expect(matches({ $includes: { id: 2 } }, [{ id: 1 }, { id: 2, x: 0 }])).toBe(true);
    expect(matches({ $includes: { id: 3 } }, [{ id: 1 }])).toBe(false);
    expect(matches({ $includes: 'a' }, 5)).toBe(false);
  });
  test('measures strings and arrays with $length, which may be a pattern itself', () => {
    expect(matches({ $length: 2 }, 'ab')).toBe(true);
    expect(matches({ $length: { $gte: 1 } }, [1, 2])).toBe(true);
    expect(matches({ $length: 0 }, {})).toBe(false);
  });
  test('tells absence from null', () => {
    expect(matches({ password: { $absent: true } }, { id: 1 })).toBe(true);
    expect(matches({ password: { $absent: true } }, { password: null })).toBe(false);
    expect(matches({ id: { $absent: false } }, { id: null })).toBe(true);
    expect(matches({ id: { $absent: false } }, {})).toBe(false);
  });
  test('negates with $not and joins several matchers', () => {
    expect(matches({ $not: 'secret' }, 'hash')).toBe(true);
    expect(matches({ $not: 'secret' }, 'secret')).toBe(false);
    expect(matches({ $not: { $includes: 'pw' } }, 'xpwx')).toBe(false);
    expect(matches({ $type: 'array', $length: 1 }, [1])).toBe(true);
    expect(matches({ $type: 'array', $length: 1 }, [1, 2])).toBe(false);
  });
  test('does not pass on a matcher it does not know', () => {
    expect(jsonMismatch({ $regex: '.*' }, 'x')).toContain('no matcher');
  });
  test('is not led astray by prototypes or depth', () => {
    expect(matches({ constructor: { $absent: true } }, {})).toBe(true);
    expect(matches(JSON.parse('{"__proto__":{"a":1}}'), {})).toBe(false);
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    expect(jsonMismatch(deep, deep)).toContain('deeper');
  });
});

describe('a JSON pointer', () => {
  test('leads through objects and arrays, with escapes', () => {
    expect(atPointer({ a: [{ 'x/y': 7 }] }, '/a/0/x~1y')).toBe(7);
    expect(atPointer({ a: 1 }, '/b/c')).toBeUndefined();
    expect(atPointer({}, '/constructor')).toBeUndefined();
    expect(atPointer('whole', '/')).toBe('whole');
  });
});
