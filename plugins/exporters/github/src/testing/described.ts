import { excerpt } from './github-operations.ts';
import type { Schema } from './operation.ts';

/** Why GitHub's own description of its API does not know this request, or null. `path` is below the API's root. */
export function faultOf(asked: {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}): string | null {
  const name = `${asked.method} ${asked.path}`;
  const found = Object.entries(excerpt.operations).find(([operation]) => matches(operation, name));
  if (!found) return `${name}: no such operation`;
  const [operation, { query, body }] = found;
  for (const [key, text] of asked.query) {
    const schema = query[key];
    if (!schema) return `${operation}: no such parameter ${key}`;
    const wrong = faultIn(schema, fromText(schema, text), { at: key, whole: true });
    if (wrong !== null) return `${operation}: ${wrong}`;
  }
  if (body === null) return asked.body === undefined ? null : `${operation}: takes no body`;
  const wrong = faultIn(body, asked.body, { at: 'body', whole: true });
  return wrong === null ? null : `${operation}: ${wrong}`;
}

/** `GET /repos/{owner}/{repo}`: a part in braces is one segment. */
function matches(operation: string, name: string): boolean {
  const [own, asked] = [operation.split('/'), name.split('/')];
  return (
    own.length === asked.length &&
    own.every((part, at) => (/^\{\w+\}$/.test(part) ? asked[at] !== '' : part === asked[at]))
  );
}

function fromText({ type }: Schema, text: string): unknown {
  if (type === 'integer' || type === 'number') return Number(text);
  return type === 'boolean' ? (text === 'true' ? true : text === 'false' ? false : text) : text;
}

interface Place {
  readonly at: string;
  /** False where an outer schema knows the rest. */
  readonly whole: boolean;
}

/** GitHub ignores what it does not know; a test does not. */
function faultIn(schema: Schema, value: unknown, { at, whole }: Place): string | null {
  if (value === null && schema.nullable === true) return null;
  for (const branches of [schema.anyOf, schema.oneOf]) {
    const place = { at, whole: whole && schema.properties === undefined };
    const faults = branches?.map((branch) => faultIn(branch, value, place)) ?? [null];
    if (faults.every((fault) => fault !== null)) return faults.join(' or ');
  }
  if (schema.enum && !schema.enum.includes(value))
    return `${at} is ${JSON.stringify(value)}, not one of ${schema.enum.join(', ')}`;
  if (schema.type !== undefined && typeOf(value, schema.type) !== schema.type) return `${at} is no ${schema.type}`;
  if (typeof value === 'string' && value.length > (schema.maxLength ?? Infinity)) return `${at} is too long`;
  if (Array.isArray(value)) return faultInList(schema, value, at);
  return typeof value === 'object' && value !== null ? faultInObject(schema, value, { at, whole }) : null;
}

function faultInList(
  { items, minItems = 0, maxItems = Infinity }: Schema,
  value: readonly unknown[],
  at: string,
): string | null {
  if (value.length < minItems || value.length > maxItems) return `${at} has ${value.length} items`;
  for (const [index, item] of value.entries()) {
    const fault = items ? faultIn(items, item, { at: `${at}[${index}]`, whole: true }) : null;
    if (fault !== null) return fault;
  }
  return null;
}

function faultInObject(schema: Schema, value: object, { at, whole }: Place): string | null {
  const missing = schema.required?.find((key) => !(key in value));
  if (missing !== undefined) return `${at} lacks ${missing}`;
  const { additionalProperties: others, properties } = schema;
  for (const [key, part] of Object.entries(value)) {
    const known = properties?.[key] ?? (typeof others === 'object' ? others : null);
    if (known === null && whole && properties && others !== true) return `${at} has ${key}, which nobody knows there`;
    const fault = known === null ? null : faultIn(known, part, { at: `${at}.${key}`, whole: true });
    if (fault !== null) return fault;
  }
  return null;
}

function typeOf(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return wanted === 'integer' && Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? 'null' : typeof value;
}
