import { defaultLength, textual, type Entity, type Field } from '../../model/model.ts';
import { pascal } from '../../model/words.ts';

/** A text as Java spells it. JSON's escapes are Java's as well, but for control characters, which samples have none of. */
export function javaText(text: string): string {
  return JSON.stringify(text);
}

export const resourceClass = ({ plural }: Entity): string => `${pascal(plural.split('_'))}Resource`;

/** A field as the schema declares it. */
export function fieldCall(field: Field): string {
  const { min, max, choices } = field;
  const bounds = textual.includes(field.type)
    ? `.length(${Math.max(1, min ?? 1)}, ${max ?? defaultLength(field.type)})`
    : [
        ...(min === null ? [] : [`.${field.minOpen ? 'above' : 'atLeast'}(${min})`]),
        ...(max === null ? [] : [`.atMost(${max})`]),
      ].join('');
  const usual = field.type === 'string' && min === null && max === null;
  const kinds = {
    string: `Kinds.text()${usual ? '' : bounds}`,
    text: `Kinds.text()${bounds}`,
    email: `Kinds.email()${bounds}`,
    url: `Kinds.url()${bounds}`,
    integer: `Kinds.integer()${bounds}`,
    number: `Kinds.number()${bounds}`,
    boolean: 'Kinds.flag()',
    date: 'Kinds.date()',
    datetime: 'Kinds.moment()',
    choice: `Kinds.choice(${choices.map(javaText).join(', ')})`,
    list: 'Kinds.texts()',
  } as const;
  const make = field.required ? 'required' : 'optional';
  const column = field.key === field.name ? '' : `.column("${field.name}")`;
  return `Field.${make}("${field.key}", ${kinds[field.type]})${column}`;
}
