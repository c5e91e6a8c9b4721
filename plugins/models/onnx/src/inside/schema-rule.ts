import { choice, lazy, literal, type Rule } from './grammar.ts';
import { anything, list, number, object, text } from './json-values.ts';

type Schema = Readonly<Record<string, unknown>>;

/** No value at all. */
const nothing: Rule = choice();
const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/**
 * The values that a JSON Schema takes. Followed are types, properties, required, additionalProperties, items, prefixItems, enum, const,
 * anyOf, oneOf, allOf, $ref within the schema, and bounds of lengths, counts and numbers. Not followed are pattern, format, multipleOf,
 * uniqueItems, not, if and patternProperties: who takes the value still has to look at it. Throws for a schema that is none.
 */
export function schemaRule(schema: unknown): Rule {
  return ruleOf(schema, { root: schema, known: new Map(), depth: 0 });
}

interface Reading {
  readonly root: unknown;
  /** What `$ref` leads to, so that a schema may hold itself. */
  readonly known: Map<string, Rule>;
  /** How far within itself it is read. */
  depth: number;
}

/** Deeper than anybody writes: parts that hold themselves. */
const mostDepth = 100;

function ruleOf(schema: unknown, reading: Reading): Rule {
  if (reading.depth >= mostDepth) throw new Error('A JSON Schema holds itself without end.');
  reading.depth += 1;
  try {
    return plainRuleOf(schema, reading);
  } finally {
    reading.depth -= 1;
  }
}

function plainRuleOf(schema: unknown, reading: Reading): Rule {
  if (schema === true || schema === undefined) return anything;
  if (schema === false) return nothing;
  if (!isSchema(schema)) throw new Error('A JSON Schema is an object, true or false.');
  const { $ref, allOf, anyOf, oneOf, ...own } = schema;
  if (typeof $ref === 'string') return referred($ref, reading);
  if (Array.isArray(allOf)) {
    const parts = allOf.map((part) => (isSchema(part) ? resolved(part, reading) : {}));
    return ruleOf(parts.reduce(joined, { ...own, ...(anyOf ? { anyOf } : {}), ...(oneOf ? { oneOf } : {}) }), reading);
  }
  const ways = anyOf ?? oneOf;
  if (Array.isArray(ways)) return choice(...ways.map((way) => wayOf(way, own, reading)));
  if ('const' in own) return literal(JSON.stringify(own['const']));
  if (Array.isArray(own['enum'])) return choice(...own['enum'].map((value) => literal(JSON.stringify(value))));
  return choice(...typesOf(own).map((type) => typed(type, own, reading)));
}

/** One of several ways, together with what is said of all of them. */
function wayOf(way: unknown, own: Schema, reading: Reading): Rule {
  if (!isSchema(way) || Object.keys(own).every((name) => isWords(name))) return ruleOf(way, reading);
  return ruleOf(joined(own, resolved(way, reading)), reading);
}

/** What says nothing about values. */
function isWords(name: string): boolean {
  return ['$schema', '$id', '$defs', 'definitions', 'title', 'description', 'default', 'examples'].includes(name);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function referred(ref: string, reading: Reading): Rule {
  const known = reading.known.get(ref);
  if (known) return known;
  const rule = lazy(() => ruleOf(found(ref, reading), reading));
  reading.known.set(ref, rule);
  return rule;
}

function found(ref: string, { root }: Reading): unknown {
  if (!ref.startsWith('#')) throw new Error(`A JSON Schema may refer to itself only, not to ${ref}.`);
  const names = decodeURIComponent(ref.slice(1)).split('/').slice(1);
  return names.reduce((at: unknown, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    return isSchema(at) ? at[key] : Array.isArray(at) ? (at[Number(key)] as unknown) : undefined;
  }, root);
}

function resolved(schema: Schema, reading: Reading, deep = 0): Schema {
  const { $ref, ...own } = schema;
  if (typeof $ref !== 'string' || deep > 20) return schema;
  const target = found($ref, reading);
  return isSchema(target) ? joined(resolved(target, reading, deep + 1), own) : own;
}

function joined(a: Schema, b: Schema): Schema {
  const properties = { ...(a['properties'] as object | undefined), ...(b['properties'] as object | undefined) };
  const required = [...names(a['required']), ...names(b['required'])];
  return {
    ...a,
    ...b,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function typesOf(schema: Schema): readonly string[] {
  const said = schema['type'];
  if (typeof said === 'string') return [said];
  if (Array.isArray(said)) return names(said);
  if ('properties' in schema || 'required' in schema) return ['object'];
  if ('items' in schema || 'prefixItems' in schema) return ['array'];
  return types.filter((type) => type !== 'integer');
}

function typed(type: string, schema: Schema, reading: Reading): Rule {
  switch (type) {
    case 'object':
      return objectOf(schema, reading);
    case 'array':
      return listOf(schema, reading);
    case 'string':
      return text({ min: count(schema['minLength'], 0), max: count(schema['maxLength'], Infinity) });
    case 'number':
    case 'integer':
      return number({ integer: type === 'integer', ...bounds(schema, type === 'integer') });
    case 'boolean':
      return choice(literal('true'), literal('false'));
    case 'null':
      return literal('null');
    default:
      throw new Error(`A JSON Schema has no type '${type.slice(0, 40)}'.`);
  }
}

function objectOf(schema: Schema, reading: Reading): Rule {
  const declared = isSchema(schema['properties']) ? Object.entries(schema['properties']) : [];
  const properties = new Map(declared.map(([name, value]) => [name, lazy(() => ruleOf(value, reading))]));
  const required = new Set(names(schema['required']));
  const additional = schema['additionalProperties'];
  const others = additional === false ? null : lazy(() => ruleOf(additional, reading));
  // What is required and nowhere described may hold anything; else there would be no way to the end.
  for (const name of required) if (!properties.has(name)) properties.set(name, others ?? anything);
  // Names that nobody asked for come from a model's fancy: only a schema without any properties of its own takes all.
  const open = properties.size === 0 || isSchema(additional) || additional === true;
  return object({ properties, required, others: open ? others : null });
}

function listOf(schema: Schema, reading: Reading): Rule {
  const first = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].map((item) => ruleOf(item, reading)) : [];
  const items = schema['items'];
  return list({
    first,
    rest: items === false ? null : lazy(() => ruleOf(items, reading)),
    min: count(schema['minItems'], 0),
    max: count(schema['maxItems'], Infinity),
  });
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}

function bounds(schema: Schema, integer: boolean): { readonly min: number; readonly max: number } {
  const value = (name: string): number | null => (typeof schema[name] === 'number' ? schema[name] : null);
  const step = integer ? 1 : Number.EPSILON;
  const [above, below] = [value('exclusiveMinimum'), value('exclusiveMaximum')];
  const min = Math.max(value('minimum') ?? -Infinity, above === null ? -Infinity : above + step);
  const max = Math.min(value('maximum') ?? Infinity, below === null ? Infinity : below - step);
  // The largest safe integers stand for "none" in schemas that programs make.
  const none = Number.MAX_SAFE_INTEGER;
  return { min: min <= -none ? -Infinity : min, max: max >= none ? Infinity : max };
}
