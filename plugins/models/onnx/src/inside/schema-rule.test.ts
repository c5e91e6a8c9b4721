import { describe, expect, test } from 'vitest';
import { mayEnd, push, stepAll, type Stack } from './grammar.ts';
import { schemaRule } from './schema-rule.ts';

/** How far a text gets; its whole length when it is a value of the schema. */
function taken(schema: unknown, text: string): number | 'whole' | 'open' {
  let ways: readonly Stack[] = [push(schemaRule(schema), null)];
  for (const [at, byte] of Buffer.from(text).entries()) {
    ways = stepAll(ways, byte);
    if (ways.length === 0) return at;
  }
  return mayEnd(ways) ? 'whole' : 'open';
}
const person = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: 'integer', minimum: 0, maximum: 150 },
    tags: { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 2 },
  },
  required: ['name'],
  additionalProperties: false,
};

describe('a JSON Schema', () => {
  test.for<readonly [string, unknown, string]>([
    ['an object in any order', person, '{"tags": ["a", "b"], "age": 7, "name": "Ada"}'],
    ['an object with what is required alone', person, '{"name":"A"}'],
    ['characters of all kinds', person, '{"name":"é 世 \\u00e9 \\n \\"x\\" 😀"}'],
    ['a number at its bound', person, '{"name":"","age":150}'],
    ['any value', {}, '{"a":[1,-2.5e3,{"b":null}],"c":"x"}'],
    ['one of several kinds', { type: ['string', 'null'] }, 'null'],
    ['one of several schemas', { anyOf: [{ type: 'integer' }, person] }, '{"name":"x"}'],
    [
      'parts joined',
      { allOf: [person, { properties: { more: { const: 1 } }, required: ['more'] }] },
      '{"more":1,"name":"x"}',
    ],
    [
      'names of its own where they are let',
      { type: 'object', additionalProperties: { type: 'boolean' } },
      '{"x":true,"y":false}',
    ],
    [
      'itself within itself',
      { $ref: '#/$defs/t', $defs: { t: { type: 'object', properties: { next: { $ref: '#/$defs/t' } } } } },
      '{"next":{"next":{}}}',
    ],
    [
      'places of a list',
      { prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
      '["a",1]',
    ],
    ['a negative number within bounds', { type: 'integer', minimum: -20, maximum: -11 }, '-15'],
    ['a fraction within bounds', { type: 'number', minimum: 0, maximum: 1 }, '0.25'],
  ])('takes %s', ([, schema, text]) => {
    expect(taken(schema, text)).toBe('whole');
  });

  test.for<readonly [string, unknown, string, number | 'open']>([
    ['a name nobody asked for', person, '{"size"', 2],
    ['an end before what is required', person, '{"age":1}', 8],
    ['a name twice', person, '{"name":"a","name"', 13],
    ['a text for a number', person, '{"age":"7"', 7],
    ['a number above its bound, as soon as it is', person, '{"age":151', 9],
    ['a number that would only end below its bound', { type: 'integer', minimum: 10, maximum: 19 }, '2', 0],
    ['a word that is not in the list', person, '{"tags":["c"', 10],
    ['more items than there may be', person, '{"tags":["a","b","a"', 16],
    ['a line break within a text', person, '{"name":"a\nb"', 10],
    ['half a character', person, '{"name":"\u0000', 9],
    ['a zero before a number', person, '{"age":07', 8],
    ['a fraction of a whole number', person, '{"age":1.5', 8],
    ['a known name spelled by escapes', { ...person, additionalProperties: true }, '{"n\\u0061me":1', 3],
    ['a text that is too short', { type: 'string', minLength: 3 }, '"ab"', 3],
    ['a text that is too long', { type: 'string', maxLength: 2 }, '"abc', 3],
    ['what is not finished', person, '{"name":"a"', 'open'],
    ['space without end', {}, ' '.repeat(40), 0],
    ['anything where nothing fits', false, '1', 0],
    ['a schema that begins with itself', { $ref: '#' }, '1', 0],
    ['one that begins with itself in a round', { anyOf: [{ $ref: '#' }] }, '1', 0],
  ])('does not take %s', ([, schema, text, at]) => {
    expect(taken(schema, text)).toBe(at);
  });

  test('that refers elsewhere or is none is refused', () => {
    expect(() => taken({ $ref: 'https://example.test/x' }, '1')).toThrow('itself only');
    expect(() => taken('string', '1')).toThrow('an object, true or false');
    expect(() => taken({ type: 'float' }, '1')).toThrow("no type 'float'");
  });

  test('never leads into a place without a way out', () => {
    const schemas = [
      person,
      { type: 'integer', minimum: 95, maximum: 105 },
      { type: 'string', minLength: 2, maxLength: 3 },
      { type: 'array', items: person, minItems: 1, maxItems: 2 },
    ];
    // A walk that takes whatever comes first by chance; the same each time.
    let seed = 7;
    const draw = (most: number): number => (seed = (seed * 16_807) % 2_147_483_647) % most;
    for (const schema of schemas)
      for (let walk = 0; walk < 40; walk += 1) {
        let ways: readonly Stack[] = [push(schemaRule(schema), null)];
        const said: number[] = [];
        for (let length = 0; length < 400 && !ways.includes(null); length += 1) {
          const next = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => stepAll(ways, byte).length > 0);
          if (next.length === 0 && mayEnd(ways)) break;
          expect({ said: Buffer.from(said).toString(), ways: next.length > 0 }).toMatchObject({ ways: true });
          // Towards the end, so that walks through texts come to one.
          const byte = length > 60 && next.includes(0x22) ? 0x22 : (next[draw(next.length)] ?? 0);
          said.push(byte);
          ways = stepAll(ways, byte);
        }
        const value = mayEnd(ways) ? Buffer.from(said).toString() : 'null';
        expect(() => JSON.parse(value) as unknown).not.toThrow();
      }
  });
});
