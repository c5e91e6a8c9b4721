import { defaultLength, textual, type Entity, type Field, type Model, type ProjectFile } from '../../model/model.ts';
import { camel, pascal } from '../../model/words.ts';

/** A module for each entity: its fields, its type, its routes. */
export function resourceFiles(model: Model): ProjectFile[] {
  return model.entities.map((entity) => ({
    path: `src/resources/${fileName(entity.plural)}.ts`,
    content: resource(entity),
  }));
}

export const fileName = (name: string): string => name.replaceAll('_', '-');
export const resourceFunction = (plural: string): string => `${camel(plural.split('_'))}Routes`;

function resource(entity: Entity): string {
  const kinds = [...new Set(entity.fields.map((field) => factoryOf(field)))].toSorted();
  return `import type { DatabaseSync } from 'node:sqlite';
import { readObject } from '../http/body.ts';
import { idOf } from '../http/id.ts';
import type { Route } from '../http/router.ts';
import { ${kinds.join(', ')} } from '../storage/fields.ts';
import { readListing } from '../storage/listing.ts';
import { Repository } from '../storage/repository.ts';
import { Schema, type Stored } from '../storage/schema.ts';

const fields = {
${entity.fields.map((field) => `  ${keyText(field.key)}: ${fieldCall(field)},\n`).join('')}};

export type ${pascal(entity.singular.split('_'))}Record = Stored<typeof fields>;

/** Routes that list, create, read, replace, change and delete ${entity.labels}. */
export function ${resourceFunction(entity.plural)}(database: DatabaseSync): Route[] {
  const schema = new Schema(fields);
  const repository = new Repository(database, '${entity.plural}', schema);
  const collection = '${entity.path}';
  const single = \`\${collection}/:id\`;

  return [
    {
      method: 'GET',
      path: collection,
      handle: ({ query }) => ({ status: 200, body: repository.list(readListing(query, schema)) }),
    },
    {
      method: 'POST',
      path: collection,
      handle: async ({ message }) => {
        const created = repository.create(schema.parse(await readObject(message)));
        return { status: 201, body: created, headers: { Location: \`\${collection}/\${created.id}\` } };
      },
    },
    {
      method: 'GET',
      path: single,
      handle: ({ params }) => ({ status: 200, body: repository.read(idOf(params)) }),
    },
    {
      method: 'PUT',
      path: single,
      handle: async ({ message, params }) => {
        const values = schema.parse(await readObject(message));
        return { status: 200, body: repository.update(idOf(params), values) };
      },
    },
    {
      method: 'PATCH',
      path: single,
      handle: async ({ message, params }) => {
        const values = schema.parsePartial(await readObject(message));
        return { status: 200, body: repository.update(idOf(params), values) };
      },
    },
    {
      method: 'DELETE',
      path: single,
      handle: ({ params }) => {
        repository.delete(idOf(params));
        return { status: 204 };
      },
    },
  ];
}
`;
}

export const idModule = `import { notFound } from './errors.ts';

/** The number in a path; anything else names nothing that there is. */
export function idOf(params: Readonly<Record<string, string>>): number {
  const text = params['id'] ?? '';
  const id = /^\\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw notFound(\`There is nothing with id \${text}.\`);
  return id;
}
`;

export const keyText = (key: string): string => (/^[a-zA-Z_]\w*$/.test(key) ? key : JSON.stringify(key));

function fieldCall(field: Field): string {
  const options = [
    ...(field.required ? ['required: true'] : []),
    ...(field.key === field.name ? [] : [`column: '${field.name}'`]),
    ...boundsOf(field),
    ...(field.choices.length > 0 ? [`choices: [${field.choices.map((choice) => literal(choice)).join(', ')}]`] : []),
  ];
  return options.length === 0 ? `${factoryOf(field)}({})` : `${factoryOf(field)}({ ${options.join(', ')} })`;
}

/** A string in TypeScript, in single quotes. */
export function literal(text: string): string {
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`;
}

function factoryOf(field: Field): string {
  const names = {
    string: 'text',
    text: 'text',
    integer: 'integer',
    number: 'number',
    boolean: 'flag',
    date: 'date',
    datetime: 'moment',
    email: 'email',
    url: 'url',
    choice: 'choice',
    list: 'texts',
  } as const;
  return names[field.type];
}

function boundsOf(field: Field): string[] {
  if (textual.includes(field.type)) {
    const longest = field.max ?? defaultLength(field.type);
    const declared = field.type === 'text' || field.max !== null ? [`maxLength: ${longest}`] : [];
    return [...(field.min !== null && field.min > 1 ? [`minLength: ${field.min}`] : []), ...declared];
  }
  return [
    ...(field.min === null ? [] : [`${field.minOpen ? 'above' : 'minimum'}: ${field.min}`]),
    ...(field.max === null ? [] : [`maximum: ${field.max}`]),
  ];
}
