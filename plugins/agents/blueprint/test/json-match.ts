/** The checks' JSON patterns, written a second time for these tests: see JsonPattern in the contracts. */
export function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) &&
      value.length === pattern.length &&
      pattern.every((item, index) => matches(item, value[index]))
    );
  if (!isRecord(pattern)) return Object.is(pattern, value);
  const names = Object.keys(pattern);
  if (names.length > 0 && names.every((name) => name.startsWith('$')))
    return names.every((name) => holds(name, pattern[name], value));
  return isRecord(value) && names.every((name) => matches(pattern[name], value[name]));
}

function holds(name: string, operand: unknown, value: unknown): boolean {
  switch (name) {
    case '$absent':
      return (value === undefined) === operand;
    case '$not':
      return !matches(operand, value);
    case '$type':
      return (
        operand === typeof value ||
        (operand === 'integer' && Number.isInteger(value)) ||
        (operand === 'array' && Array.isArray(value))
      );
    case '$includes':
      return typeof value === 'string'
        ? value.includes(String(operand))
        : Array.isArray(value) && value.some((item) => matches(operand, item));
    case '$length':
      return Array.isArray(value) && matches(operand, value.length);
    case '$gte':
      return typeof value === 'number' && value >= Number(operand);
    default:
      return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
