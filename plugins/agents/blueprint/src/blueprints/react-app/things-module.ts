import { defaultLength, textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { labelOf } from '../../web-page/visit.ts';
import { keyText, literal } from '../node-api/resource-files.ts';

/** src/thing.ts: what a thing and its fields are, whatever they are called. */
export const thingModule = `export type Value = string | number | boolean | readonly string[] | null;
export type Values = Readonly<Record<string, Value>>;

export interface Item {
  readonly id: number;
  readonly values: Values;
}

export type Kind =
  'string' | 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'email' | 'url' | 'choice' | 'list';

export interface Field {
  readonly key: string;
  readonly label: string;
  readonly kind: Kind;
  readonly required?: true;
  readonly unique?: true;
  /** Smallest value, or shortest length of a text. */
  readonly least?: number;
  /** Greatest value, or longest length of a text. */
  readonly most?: number;
  /** What the value must be greater than. */
  readonly above?: number;
  readonly choices?: readonly string[];
}

/** One kind of thing, as data: form, list and storage read it. */
export interface Thing {
  /** In the browser's storage. */
  readonly key: string;
  readonly name: string;
  readonly names: string;
  readonly heading: string;
  readonly fields: readonly Field[];
}

/** The text of a value in a list. */
export function shown(value: Value | undefined, kind: Kind): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.join(', ');
  return kind === 'datetime' ? String(value).replace('T', ' ') : String(value);
}
`;

/** src/things.ts: what this app keeps. */
export function thingsModule(model: Model): string {
  return `import type { Thing } from './thing.ts';

export const title = ${literal(model.title)};
export const storeKey = ${literal(model.slug)};

export const things: readonly Thing[] = [
${model.entities.map(thing).join('')}];
`;
}

function thing(entity: Entity): string {
  return `  {
    key: ${literal(entity.plural)},
    name: ${literal(entity.label)},
    names: ${literal(entity.labels)},
    heading: ${literal(entity.labels.slice(0, 1).toUpperCase() + entity.labels.slice(1))},
    fields: [
${entity.fields.map((field) => `      { ${members(field).join(', ')} },\n`).join('')}    ],
  },
`;
}

function members(field: Field): string[] {
  const { min, minOpen, max, type } = field;
  const isText = textual.includes(type);
  const least = isText ? (min !== null && min > 1 ? min : null) : minOpen ? null : min;
  const rules: Readonly<Record<string, number | null>> = {
    least,
    most: isText ? (max ?? defaultLength(type)) : max,
    above: minOpen && !isText ? min : null,
  };
  return [
    `key: ${literal(field.key)}`,
    `label: ${literal(labelOf(field))}`,
    `kind: ${literal(type)}`,
    ...(field.required && type !== 'boolean' ? ['required: true'] : []),
    ...(field.unique ? ['unique: true'] : []),
    ...Object.entries(rules).flatMap(([name, value]) => (value === null ? [] : [`${keyText(name)}: ${value}`])),
    ...(type === 'choice' ? [`choices: [${field.choices.map((choice) => literal(choice)).join(', ')}]`] : []),
  ];
}
