import { groupOf, optionOf } from '../../command-line/naming.ts';
import { defaultLength, textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { camel } from '../../model/words.ts';
import { literal } from '../node-api/resource-files.ts';

/** src/thing.ts: what a thing and its fields are, whatever they are called. */
export const thingModule = `import type { Kind } from './values.ts';

export type Value = string | number | boolean | null | readonly string[];
export type Values = Readonly<Record<string, Value>>;
export type Item = { readonly id: number } & Values;
/** What SQLite takes. */
export type Column = string | number | null;

export interface Field {
  /** In JSON. */
  readonly key: string;
  readonly option: string;
  readonly column: string;
  readonly kind: Kind;
  readonly required?: true;
  readonly unique?: true;
}

/** One kind of thing, as data: arguments, store and output read it. */
export interface Thing {
  readonly name: string;
  readonly plural: string;
  /** The word before its commands; '' where it is the only one. */
  readonly command: string;
  readonly table: string;
  readonly fields: readonly Field[];
}
`;

/** src/things.ts: what this tool keeps. */
export function thingsModule(model: Model): string {
  const names = model.entities.map(nameOf);
  const kinds = [...new Set(model.entities.flatMap(({ fields }) => fields.map(factoryOf)))].toSorted();
  const isOne = names.length === 1;
  return `import type { Thing } from './thing.ts';
import { ${kinds.join(', ')} } from './values.ts';

${model.entities.map((entity) => thing(entity, model)).join('\n')}
export const things: readonly Thing[] = [${names.join(', ')}];

/** The thing that a call is about, and the words after that. */
${
  isOne
    ? `export function thingOf(argv: readonly string[]): { readonly thing: Thing; readonly rest: readonly string[] } {
  return { thing: ${names[0]}, rest: argv };
}
`
    : `export function thingOf(argv: readonly string[]): { readonly thing: Thing | null; readonly rest: readonly string[] } {
  const thing = things.find(({ command }) => command === argv[0]) ?? null;
  return { thing, rest: thing ? argv.slice(1) : argv };
}
`
}`;
}

const nameOf = (entity: Entity): string => `${camel(entity.singular.split('_'))}Thing`;

function thing(entity: Entity, model: Model): string {
  return `const ${nameOf(entity)}: Thing = {
  name: ${literal(entity.label)},
  plural: ${literal(entity.labels)},
  command: ${literal(groupOf(entity, model).join(''))},
  table: ${literal(entity.plural)},
  fields: [
${entity.fields.map((field) => `    ${declaration(field)},\n`).join('')}  ],
};
`;
}

function declaration(field: Field): string {
  const members = [
    `key: ${literal(field.key)}`,
    `option: ${literal(optionOf(field))}`,
    `column: ${literal(field.name)}`,
    `kind: ${factoryOf(field)}(${argument(field)})`,
    ...(field.required ? ['required: true'] : []),
    ...(field.unique ? ['unique: true'] : []),
  ];
  return `{ ${members.join(', ')} }`;
}

function factoryOf({ type }: Field): string {
  const names: Readonly<Partial<Record<Field['type'], string>>> = {
    string: 'text',
    boolean: 'flag',
    datetime: 'moment',
    list: 'texts',
  };
  return names[type] ?? type;
}

function argument(field: Field): string {
  if (field.type === 'choice') return field.choices.map((choice) => literal(choice)).join(', ');
  if (textual.includes(field.type)) {
    const limits = [
      ...(field.min !== null && field.min > 1 ? [`minimum: ${field.min}`] : []),
      ...(field.type === 'text' || field.max !== null ? [`maximum: ${field.max ?? defaultLength(field.type)}`] : []),
    ];
    return limits.length > 0 ? `{ ${limits.join(', ')} }` : '';
  }
  const limits = [
    ...(field.min === null ? [] : [`${field.minOpen ? 'above' : 'minimum'}: ${field.min}`]),
    ...(field.max === null ? [] : [`maximum: ${field.max}`]),
  ];
  return limits.length > 0 ? `{ ${limits.join(', ')} }` : '';
}
