import type { Json } from '../../model/samples.ts';

/** A JSON value as a Python literal, broken over lines where it is long. */
export function pythonLiteral(value: Json, indent = ''): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(value);
  const inner = `${indent}    `;
  if (Array.isArray(value)) return `[${value.map((item: Json) => pythonLiteral(item, inner)).join(', ')}]`;
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item, inner)}`);
  const line = `{${members.join(', ')}}`;
  return line.length + indent.length <= 72
    ? line
    : `{\n${members.map((member) => `${inner}${member},\n`).join('')}${indent}}`;
}

/** One line where it fits, else a line per name. */
export function importFrom(module: string, names: readonly string[]): string {
  const line = `from ${module} import ${names.join(', ')}`;
  return line.length <= 88 ? line : `from ${module} import (\n${names.map((name) => `    ${name},\n`).join('')})`;
}
