import type { Entity, Field } from '../model/model.ts';

/** Path of one thing whose id was saved under a name. */
export const one = (entity: Entity, name = 'id'): string => `${entity.path}/\${${name}}`;
export const namesOf = (fields: readonly Field[], word = 'and'): string => {
  const names = fields.map((field) => field.label);
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
};
