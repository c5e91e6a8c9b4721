/** src/store.ts: things in SQLite. */
export const storeModule = `import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ToolError } from './errors.ts';
import type { Column, Field, Item, Thing, Value, Values } from './thing.ts';
import { things } from './things.ts';

export interface Query {
  readonly filters: Values;
  readonly search: string | undefined;
  readonly sort: Field | undefined;
  readonly reverse: boolean;
  /** -1 is no limit. */
  readonly limit: number;
  readonly offset: number;
}

/** Things in an SQLite file. Names in the SQL come from the things' fields, values are always bound. */
export class Store {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path, { timeout: 10_000 });
    for (const thing of things) this.#database.exec(createTable(thing));
  }

  close(): void {
    this.#database.close();
  }

  add(thing: Thing, values: Values): Item {
    const row = encode(thing, values);
    const names = Object.keys(row).map(quoted).join(', ');
    const marks = Object.keys(row).map(() => '?').join(', ');
    const sql = \`INSERT INTO \${quoted(thing.table)} (\${names}) VALUES (\${marks})\`;
    return this.get(thing, this.#write(thing, sql, Object.values(row)));
  }

  get(thing: Thing, id: number): Item {
    const row = this.#database.prepare(\`SELECT * FROM \${quoted(thing.table)} WHERE "id" = ?\`).get(id);
    if (!row) throw new ToolError(\`there is no \${thing.name} \${id}\`);
    return decode(thing, row);
  }

  find(thing: Thing, query: Query): Item[] {
    const filters = encode(thing, query.filters);
    const conditions = Object.keys(filters).map((name) => \`\${quoted(name)} IS ?\`);
    const values = Object.values(filters);
    if (query.search !== undefined) {
      const searched = thing.fields.filter(({ kind }) => kind.searchable);
      const parts = searched.map(({ column }) => \`instr(lower(\${quoted(column)}), lower(?)) > 0\`);
      conditions.push(\`(\${parts.join(' OR ') || '0'})\`);
      for (const _ of searched) values.push(query.search);
    }
    const where = conditions.length > 0 ? \` WHERE \${conditions.join(' AND ')}\` : '';
    const direction = query.reverse ? 'DESC' : 'ASC';
    const order = query.sort ? \`\${quoted(query.sort.column)} COLLATE NOCASE \${direction}, \` : '';
    const sql = \`SELECT * FROM \${quoted(thing.table)}\${where} ORDER BY \${order}"id" \${direction} LIMIT ? OFFSET ?\`;
    const rows = this.#database.prepare(sql).all(...values, query.limit, query.offset);
    return rows.map((row) => decode(thing, row));
  }

  update(thing: Thing, id: number, values: Values): Item {
    this.get(thing, id);
    const row = encode(thing, values);
    const names = Object.keys(row).map((name) => \`\${quoted(name)} = ?\`);
    const sql = \`UPDATE \${quoted(thing.table)} SET \${names.join(', ')} WHERE "id" = ?\`;
    if (names.length > 0) this.#write(thing, sql, [...Object.values(row), id]);
    return this.get(thing, id);
  }

  remove(thing: Thing, id: number): Item {
    const removed = this.get(thing, id);
    this.#write(thing, \`DELETE FROM \${quoted(thing.table)} WHERE "id" = ?\`, [id]);
    return removed;
  }

  #write(thing: Thing, sql: string, values: readonly Column[]): number {
    try {
      return Number(this.#database.prepare(sql).run(...values).lastInsertRowid);
    } catch (error) {
      const column = error instanceof Error ? /UNIQUE constraint failed: \\w+\\.(\\w+)/.exec(error.message)?.[1] : undefined;
      const taken = thing.fields.find((field) => field.column === column);
      if (!taken) throw error;
      throw new ToolError(\`--\${taken.option}: is taken already\`, { cause: error });
    }
  }
}

function createTable(thing: Thing): string {
  const columns = thing.fields.map(({ column, kind, required, unique }) =>
    [quoted(column), kind.column, ...(required ? ['NOT NULL'] : []), ...(unique ? ['UNIQUE'] : [])].join(' '),
  );
  const all = ['"id" INTEGER PRIMARY KEY AUTOINCREMENT', ...columns].join(', ');
  return \`CREATE TABLE IF NOT EXISTS \${quoted(thing.table)} (\${all})\`;
}

function encode(thing: Thing, values: Values): Record<string, Column> {
  const named = thing.fields.filter(({ key }) => values[key] !== undefined);
  return Object.fromEntries(named.map(({ key, column }) => [column, columnOf(values[key] ?? null)]));
}

function columnOf(value: Value): Column {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function decode(thing: Thing, row: Readonly<Record<string, unknown>>): Item {
  const values = thing.fields.map(({ key, column, kind }): [string, Value] => {
    const stored = row[column] as string | number | null;
    if (kind.many) return [key, JSON.parse(String(stored)) as string[]];
    return [key, kind.flag ? stored === 1 : stored];
  });
  return { id: Number(row['id']), ...Object.fromEntries(values) };
}

function quoted(name: string): string {
  return \`"\${name}"\`;
}
`;
