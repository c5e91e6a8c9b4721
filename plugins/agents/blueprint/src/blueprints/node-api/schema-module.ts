/** src/storage/schema.ts: the fields of one kind of thing, and the types that follow from them. */
export const schemaModule = `import { invalidInput } from '../http/errors.ts';
import type { JsonObject } from '../http/body.ts';
import type { Field } from './fields.ts';
import { Invalid } from './invalid.ts';

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a client sends, after it was checked. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** What is stored and answered. */
export type Stored<F extends Fields> = { readonly id: number } & Values<F>;

/** The fields of one kind of thing. */
export class Schema<F extends Fields> {
  readonly #fields: ReadonlyMap<string, Field<unknown>>;

  constructor(fields: F) {
    this.#fields = new Map(Object.entries(fields));
  }

  entries(): Iterable<[string, Field<unknown>]> {
    return this.#fields.entries();
  }

  get(key: string): Field<unknown> | undefined {
    return this.#fields.get(key);
  }

  columnOf(key: string): string {
    return this.#fields.get(key)?.column ?? key;
  }

  keyOf(column: string): string {
    return [...this.#fields.keys()].find((key) => this.columnOf(key) === column) ?? column;
  }

  /** Columns that a search looks into. */
  get searchable(): readonly string[] {
    return [...this.#fields].filter(([, field]) => field.searchable).map(([key]) => this.columnOf(key));
  }

  /** Values for every field. Throws invalid input that names each wrong one. */
  parse(body: JsonObject): Values<F> {
    return this.#read(body, [...this.#fields.keys()]) as Values<F>;
  }

  /** Values for the fields that are named. */
  parsePartial(body: JsonObject): Partial<Values<F>> {
    return this.#read(body, Object.keys(body)) as Partial<Values<F>>;
  }

  #read(body: JsonObject, keys: readonly string[]): Record<string, unknown> {
    const unknown = Object.keys(body).filter((key) => !this.#fields.has(key));
    const problems: Record<string, string> = Object.fromEntries(unknown.map((key) => [key, 'is unknown']));
    const values: Record<string, unknown> = {};
    for (const [key, field] of this.#fields) {
      if (!keys.includes(key)) continue;
      try {
        values[key] = valueOf(field, body[key]);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        problems[key] = error.message;
      }
    }
    if (Object.keys(problems).length > 0) throw invalidInput(problems);
    return values;
  }
}

function valueOf(field: Field<unknown>, value: unknown): unknown {
  if (value !== undefined && value !== null) return field.parse(value);
  if (field.required) throw new Invalid('is required');
  return field.fallback;
}
`;
