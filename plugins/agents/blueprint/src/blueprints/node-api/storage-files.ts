import type { Model, ProjectFile } from '../../model/model.ts';
import { schemaSql } from '../flask-api/storage-files.ts';
import { fieldsModule, invalidModule } from './fields-module.ts';
import { schemaModule } from './schema-module.ts';

/** What is kept and how: database, fields, repository, listing. Only the kinds of field that the model has. */
export function storageFiles(model: Model): ProjectFile[] {
  const database = { path: 'src/storage/database.ts', content: databaseModule(model) };
  if (model.entities.length === 0) return [database];
  const fields = model.entities.flatMap((entity) => entity.fields);
  return [
    database,
    { path: 'src/storage/fields.ts', content: fieldsModule(new Set(fields.map((field) => field.type))) },
    { path: 'src/storage/invalid.ts', content: invalidModule },
    { path: 'src/storage/schema.ts', content: schemaModule },
    { path: 'src/storage/listing.ts', content: listing },
    { path: 'src/storage/repository.ts', content: repository(fields.some((field) => field.unique)) },
  ];
}

const databaseModule = (model: Model): string => `import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const tables = \`
${schemaSql(model)}\`;

/** Opens the database and makes the tables that are not there. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  // Readers and the writer do not wait for each other.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON;');
  database.exec(tables);
  return database;
}
`;

const listing = `import { invalidInput } from '../http/errors.ts';
import type { Column } from './fields.ts';
import { Invalid } from './invalid.ts';
import type { Fields, Schema } from './schema.ts';

/** What a client may ask of a list: a page, an order, filters, a search. */
export interface Listing {
  readonly limit: number;
  readonly offset: number;
  readonly sort: string;
  readonly descending: boolean;
  readonly search: string;
  /** By column. */
  readonly filters: Readonly<Record<string, Column>>;
}

const defaultLimit = 50;
const maxLimit = 100;
const ownNames = ['limit', 'offset', 'sort', 'q'];

/** Reads the query string of a list; anything unknown in it is refused. */
export function readListing(query: URLSearchParams, schema: Schema<Fields>): Listing {
  const problems: Record<string, string> = {};
  const filters: Record<string, Column> = {};
  for (const [name, text] of query) {
    if (ownNames.includes(name)) continue;
    const field = schema.get(name);
    try {
      if (!field) throw new Invalid('is not a field that can be filtered by');
      filters[schema.columnOf(name)] = field.encode(field.fromText(text));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      problems[name] = error.message;
    }
  }
  const sort = query.get('sort') ?? 'id';
  const key = sort.replace(/^-/, '');
  if (key !== 'id' && !schema.get(key)) problems['sort'] = "must name a field; a leading '-' turns the order around";
  const limit = readWhole(query, 'limit', { fallback: defaultLimit, problems });
  const offset = readWhole(query, 'offset', { fallback: 0, problems });
  if (Object.keys(problems).length > 0) throw invalidInput(problems);
  return {
    limit: Math.max(1, Math.min(limit, maxLimit)),
    offset,
    sort: key === 'id' ? 'id' : schema.columnOf(key),
    descending: sort.startsWith('-'),
    search: query.get('q') ?? '',
    filters,
  };
}

function readWhole(
  query: URLSearchParams,
  name: string,
  { fallback, problems }: { readonly fallback: number; readonly problems: Record<string, string> },
): number {
  const text = query.get(name) ?? String(fallback);
  if (/^\\d{1,9}$/.test(text)) return Number(text);
  problems[name] = 'must be a whole number, 0 or greater';
  return fallback;
}
`;

const repository = (hasUnique: boolean): string => `import type { DatabaseSync } from 'node:sqlite';
import { ${hasUnique ? 'conflict, ' : ''}notFound } from '../http/errors.ts';
import type { Column } from './fields.ts';
import type { Listing } from './listing.ts';
import type { Fields, Schema, Stored, Values } from './schema.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** How many there are on all pages. */
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

type Row = Readonly<Record<string, Column>>;

/** Storage of one kind of thing in one table. Names in the SQL come from the schema, values are always bound. */
export class Repository<F extends Fields> {
  readonly #database: DatabaseSync;
  readonly #table: string;
  readonly #schema: Schema<F>;

  constructor(database: DatabaseSync, table: string, schema: Schema<F>) {
    this.#database = database;
    this.#table = table;
    this.#schema = schema;
  }

  create(values: Values<F>): Stored<F> {
    const row = this.#encode(values);
    const names = Object.keys(row).map(quoted).join(', ');
    const marks = Object.keys(row)
      .map(() => '?')
      .join(', ');
    const sql = \`INSERT INTO "\${this.#table}" (\${names}) VALUES (\${marks})\`;
    return this.read(this.#write(sql, Object.values(row)));
  }

  read(id: number): Stored<F> {
    const row = this.#database.prepare(\`SELECT * FROM "\${this.#table}" WHERE "id" = ?\`).get(id);
    if (!row) throw notFound(\`There is nothing with id \${id}.\`);
    return this.#decode(row as Row);
  }

  list(listing: Listing): Page<Stored<F>> {
    const { where, values } = this.#conditions(listing);
    const order = \`\${quoted(listing.sort)} \${listing.descending ? 'DESC' : 'ASC'}, "id"\`;
    const from = \`FROM "\${this.#table}"\${where}\`;
    const total = this.#database.prepare(\`SELECT count(*) AS total \${from}\`).get(...values);
    const rows = this.#database
      .prepare(\`SELECT * \${from} ORDER BY \${order} LIMIT ? OFFSET ?\`)
      .all(...values, listing.limit, listing.offset);
    return {
      items: rows.map((row) => this.#decode(row as Row)),
      total: Number(total?.['total']),
      limit: listing.limit,
      offset: listing.offset,
    };
  }

  update(id: number, values: Partial<Values<F>>): Stored<F> {
    this.read(id);
    const row = this.#encode(values);
    const names = Object.keys(row)
      .map((name) => \`\${quoted(name)} = ?\`)
      .join(', ');
    if (names) this.#write(\`UPDATE "\${this.#table}" SET \${names} WHERE "id" = ?\`, [...Object.values(row), id]);
    return this.read(id);
  }

  delete(id: number): void {
    this.read(id);
    this.#write(\`DELETE FROM "\${this.#table}" WHERE "id" = ?\`, [id]);
  }

  #write(sql: string, values: readonly Column[]): number {
${
  hasUnique
    ? `    try {
      return Number(this.#database.prepare(sql).run(...values).lastInsertRowid);
    } catch (error) {
      const column =
        error instanceof Error ? /UNIQUE constraint failed: \\w+\\.(\\w+)/.exec(error.message)?.[1] : undefined;
      if (column === undefined) throw error;
      throw conflict('This value is taken already.', { [this.#schema.keyOf(column)]: 'must be unique' });
    }`
    : '    return Number(this.#database.prepare(sql).run(...values).lastInsertRowid);'
}
  }

  #conditions({ filters, search }: Listing): { where: string; values: Column[] } {
    const parts = Object.keys(filters).map((name) => \`\${quoted(name)} = ?\`);
    const values = Object.values(filters);
    if (search) {
      const searched = this.#schema.searchable.map((name) => \`instr(lower(\${quoted(name)}), lower(?)) > 0\`);
      parts.push(\`(\${searched.join(' OR ') || '0'})\`);
      values.push(...searched.map(() => search));
    }
    return { where: parts.length > 0 ? \` WHERE \${parts.join(' AND ')}\` : '', values };
  }

  #encode(values: Partial<Values<F>>): Row {
    const row: Record<string, Column> = {};
    for (const [key, value] of Object.entries(values)) {
      row[this.#schema.columnOf(key)] = value === null ? null : (this.#schema.get(key)?.encode(value) ?? null);
    }
    return row;
  }

  #decode(row: Row): Stored<F> {
    const shown: Record<string, unknown> = { id: row['id'] };
    for (const [key, field] of this.#schema.entries()) {
      const value = row[this.#schema.columnOf(key)] ?? null;
      shown[key] = value === null ? field.fallback : field.decode(value);
    }
    return shown as Stored<F>;
  }
}

function quoted(name: string): string {
  return \`"\${name}"\`;
}
`;
