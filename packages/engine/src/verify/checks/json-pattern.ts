/** A value as JSON.parse gives it. */
type Json = unknown;

interface Place {
  /** JSON pointer of the value that is looked at, '' for the whole. */
  readonly at: string;
  readonly depth: number;
}

const deepest = 100;
const absent = Symbol('absent');

/**
 * Compares a JSON value with a pattern (contracts' JsonPattern says how). Null when it matches, else one sentence about the first
 * difference. Pure, never throws: pattern and value both come from outside. Used by the host, on answers of code under check.
 */
export function jsonMismatch(pattern: Json, value: Json): string | null {
  return differ(pattern, value, { at: '', depth: 0 });
}

function differ(pattern: Json, value: Json, place: Place): string | null {
  if (place.depth > deepest) return `${where(place)} is nested deeper than ${deepest} levels`;
  if (Array.isArray(pattern)) return differArray(pattern, value, place);
  if (isRecord(pattern))
    return isMatcher(pattern) ? differMatcher(pattern, value, place) : differObject(pattern, value, place);
  return Object.is(pattern, value) || pattern === value
    ? null
    : `${where(place)} should be ${show(pattern)} but is ${show(value)}`;
}

function differArray(pattern: readonly Json[], value: Json, place: Place): string | null {
  if (!Array.isArray(value)) return `${where(place)} should be an array but is ${show(value)}`;
  if (value.length !== pattern.length) {
    return `${where(place)} should have ${pattern.length} elements but has ${value.length}`;
  }
  return first(pattern, (item, index) => differ(item, value[index], step(place, String(index))));
}

function differObject(pattern: Record<string, Json>, value: Json, place: Place): string | null {
  if (!isRecord(value)) return `${where(place)} should be an object but is ${show(value)}`;
  return first(Object.entries(pattern), ([name, item]) =>
    differ(item, Object.hasOwn(value, name) ? value[name] : absent, step(place, name)),
  );
}

function differMatcher(pattern: Record<string, Json>, value: Json, place: Place): string | null {
  return first(Object.entries(pattern), ([name, operand]) => {
    if (name === '$absent') return differAbsent(operand, value, place);
    if (name === '$not') {
      return differ(operand, value, step(place, null)) === null
        ? `${where(place)} should not match ${show(operand)}`
        : null;
    }
    if (value === absent) return `${where(place)} is not there, wanted ${show(pattern)}`;
    if (name === '$type') return differType(operand, value, place);
    if (name === '$includes') return differIncludes(operand, value, place);
    if (name === '$length') return differLength(operand, value, place);
    if (name === '$gte') return differGte(operand, value, place);
    return `the check uses ${name}, which is no matcher`;
  });
}

function differAbsent(operand: Json, value: Json, place: Place): string | null {
  if (operand === true) return value === absent ? null : `${where(place)} should not be there but is ${show(value)}`;
  return value === absent ? `${where(place)} is not there` : null;
}

function differType(operand: Json, value: Json, place: Place): string | null {
  const type = typeOf(value);
  const fits = operand === type || (operand === 'number' && type === 'integer');
  return fits ? null : `${where(place)} should be of type ${show(operand)} but is ${show(value)}`;
}

function differIncludes(operand: Json, value: Json, place: Place): string | null {
  if (typeof value === 'string' && typeof operand === 'string') {
    return value.includes(operand) ? null : `${where(place)} should include ${show(operand)} but is ${show(value)}`;
  }
  if (!Array.isArray(value)) return `${where(place)} should include ${show(operand)} but is ${show(value)}`;
  const found = value.some((item) => differ(operand, item, step(place, null)) === null);
  return found ? null : `no element of ${where(place)} matches ${show(operand)}`;
}

function differLength(operand: Json, value: Json, place: Place): string | null {
  if (typeof value !== 'string' && !Array.isArray(value)) return `${where(place)} has no length: it is ${show(value)}`;
  return differ(operand, value.length, step(place, 'length'));
}

function differGte(operand: Json, value: Json, place: Place): string | null {
  const fits = typeof value === 'number' && typeof operand === 'number' && value >= operand;
  return fits ? null : `${where(place)} should be at least ${show(operand)} but is ${show(value)}`;
}

/** The value a JSON pointer (RFC 6901) leads to; undefined when there is none. */
export function atPointer(value: Json, pointer: string): Json {
  const parts = pointer === '/' ? [] : pointer.slice(1).split('/');
  let current = value;
  for (const part of parts) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(current)) current = /^\d{1,9}$/.test(name) ? current[Number(name)] : undefined;
    else if (isRecord(current) && Object.hasOwn(current, name)) current = current[name];
    else return undefined;
  }
  return current;
}

function isMatcher(pattern: Record<string, Json>): boolean {
  const names = Object.keys(pattern);
  return names.length > 0 && names.every((name) => name.startsWith('$'));
}

function isRecord(value: Json): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function first<T>(items: readonly T[], look: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const difference = look(item, index);
    if (difference !== null) return difference;
  }
  return null;
}

function step(place: Place, name: string | null): Place {
  const at = name === null ? place.at : `${place.at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { at, depth: place.depth + 1 };
}

function where(place: Place): string {
  return place.at === '' ? 'the answer' : place.at.slice(0, 200);
}

function show(value: Json): string {
  if (value === absent || value === undefined) return 'not there';
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
