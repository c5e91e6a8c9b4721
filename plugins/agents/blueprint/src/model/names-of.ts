import type { Field } from './model.ts';

/** 'title, author and year' */
export function namesOf(fields: readonly Field[], word = 'and'): string {
  const names = fields.map((field) => field.label);
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
