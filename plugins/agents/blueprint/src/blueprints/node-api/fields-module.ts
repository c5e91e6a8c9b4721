import type { FieldType } from '../../model/model.ts';

/** src/storage/fields.ts with exactly the kinds of field that are used. */
export function fieldsModule(types: ReadonlySet<FieldType>): string {
  const used = kinds.filter((kind) => kind.types.some((type) => types.has(type)));
  return [head, ...used.map((kind) => kind.code)].join('\n');
}

export const invalidModule = `/** What is wrong with one value, in words that follow the field's name. */
export class Invalid extends Error {}
`;

const head = `import { Invalid } from './invalid.ts';

/** What SQLite takes and gives here. */
export type Column = string | number | null;

/** One field: \`parse\` takes JSON values, \`encode\` and \`decode\` are for the database. */
export interface Field<T> {
  /** Its column, where that is not named like its key. */
  readonly column: string | undefined;
  readonly required: boolean;
  /** What it is when nothing is given. */
  readonly fallback: T;
  readonly searchable: boolean;
  parse(value: unknown): T;
  /** The value that a query string means. */
  fromText(text: string): T;
  encode(value: unknown): Column;
  decode(value: Column): T;
}

interface FieldOptions {
  readonly required?: boolean;
  readonly column?: string;
}

/** A field that is not required may be null. */
type Maybe<T, O extends FieldOptions> = O extends { readonly required: true } ? T : T | null;

interface Shape<T> {
  readonly parse: (value: unknown) => T;
  readonly fromText?: (text: string) => T;
  readonly searchable?: boolean;
}

function field<T, const O extends FieldOptions>(
  options: O,
  { parse, fromText = parse, searchable = false }: Shape<T>,
): Field<Maybe<T, O>> {
  return {
    column: options.column,
    required: options.required ?? false,
    fallback: null as Maybe<T, O>,
    searchable,
    parse: parse as (value: unknown) => Maybe<T, O>,
    fromText: fromText as (text: string) => Maybe<T, O>,
    encode: (value) => value as Column,
    decode: (value) => value as Maybe<T, O>,
  };
}
`;

interface Kind {
  readonly types: readonly FieldType[];
  readonly code: string;
}

const textCode = `export interface TextOptions extends FieldOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
}

export function text<const O extends TextOptions>(options: O): Field<Maybe<string, O>> {
  return field(options, { parse: (value) => parseText(value, options), searchable: true });
}

function parseText(value: unknown, { minLength = 1, maxLength = 200 }: TextOptions): string {
  // JSON can carry half a surrogate pair, which a database cannot.
  if (typeof value !== 'string' || !value.isWellFormed()) throw new Invalid('must be a text');
  const trimmed = value.trim();
  const length = [...trimmed].length;
  if (length < minLength) throw new Invalid(\`must have at least \${minLength} characters\`);
  if (length > maxLength) throw new Invalid(\`must have at most \${maxLength} characters\`);
  return trimmed;
}
`;

const numberCode = `export interface NumberOptions extends FieldOptions {
  readonly above?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

function parseNumber(value: unknown, { above, minimum, maximum }: NumberOptions): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Invalid('must be a number');
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new Invalid('is out of range');
  if (above !== undefined && value <= above) throw new Invalid(\`must be greater than \${above}\`);
  if (minimum !== undefined && value < minimum) throw new Invalid(\`must be at least \${minimum}\`);
  if (maximum !== undefined && value > maximum) throw new Invalid(\`must be at most \${maximum}\`);
  return value;
}

function numberFrom(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
`;

const kinds: readonly Kind[] = [
  { types: ['string', 'text', 'email', 'url'], code: textCode },
  {
    types: ['email'],
    code: `export function email<const O extends TextOptions>(options: O): Field<Maybe<string, O>> {
  const parse = (value: unknown): string => {
    const address = parseText(value, { maxLength: 254, ...options });
    if (!/^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$/.test(address)) throw new Invalid('must be an e-mail address');
    return address;
  };
  return field(options, { parse, searchable: true });
}
`,
  },
  {
    types: ['url'],
    code: `export function url<const O extends TextOptions>(options: O): Field<Maybe<string, O>> {
  const parse = (value: unknown): string => {
    const address = parseText(value, { maxLength: 2000, ...options });
    if (!/^https?:\\/\\//i.test(address) || !URL.canParse(address)) throw new Invalid('must be a web address');
    return address;
  };
  return field(options, { parse, searchable: true });
}
`,
  },
  { types: ['integer', 'number'], code: numberCode },
  {
    types: ['number'],
    code: `export function number<const O extends NumberOptions>(options: O): Field<Maybe<number, O>> {
  const parse = (value: unknown): number => parseNumber(value, options);
  return field(options, { parse, fromText: (text) => parse(numberFrom(text)) });
}
`,
  },
  {
    types: ['integer'],
    code: `export function integer<const O extends NumberOptions>(options: O): Field<Maybe<number, O>> {
  const parse = (value: unknown): number => {
    const whole = parseNumber(value, options);
    if (!Number.isInteger(whole)) throw new Invalid('must be a whole number');
    return whole;
  };
  return field(options, { parse, fromText: (text) => parse(numberFrom(text)) });
}
`,
  },
  {
    types: ['boolean'],
    code: `export function flag(options: FieldOptions): Field<boolean> {
  const parse = (value: unknown): boolean => {
    if (typeof value !== 'boolean') throw new Invalid('must be true or false');
    return value;
  };
  return {
    ...field({ ...options, required: true }, { parse }),
    required: options.required ?? false,
    fallback: false,
    fromText: (text) => parse(text === 'true' ? true : text === 'false' ? false : text),
    encode: (value) => (value === true ? 1 : 0),
    decode: (value) => value === 1,
  };
}
`,
  },
  {
    types: ['date'],
    code: `export function date<const O extends FieldOptions>(options: O): Field<Maybe<string, O>> {
  const parse = (value: unknown): string => {
    const isDate = typeof value === 'string' && /^\\d{4}-\\d\\d-\\d\\d$/.test(value);
    const day = isDate ? new Date(\`\${value}T00:00:00Z\`) : null;
    // 2026-02-30 reads as the second of March.
    if (!isDate || !day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value) {
      throw new Invalid('must be a date like 2026-01-31');
    }
    return value;
  };
  return field(options, { parse });
}
`,
  },
  {
    types: ['datetime'],
    code: `/** A moment, kept in UTC so that texts sort as moments do. */
export function moment<const O extends FieldOptions>(options: O): Field<Maybe<string, O>> {
  const shape = /^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)?$/;
  const parse = (value: unknown): string => {
    const zone = typeof value === 'string' ? shape.exec(value) : null;
    const time = zone ? new Date(zone[1] ? zone[0] : \`\${zone[0]}Z\`) : null;
    if (!time || Number.isNaN(time.getTime())) throw new Invalid('must be a moment like 2026-01-31T12:00:00Z');
    return time.toISOString().replace(/\\.\\d{3}Z$/, 'Z');
  };
  return field(options, { parse });
}
`,
  },
  {
    types: ['choice'],
    code: `export interface ChoiceOptions extends FieldOptions {
  readonly choices: readonly string[];
}

export function choice<const O extends ChoiceOptions>(options: O): Field<Maybe<O['choices'][number], O>> {
  const parse = (value: unknown): O['choices'][number] => {
    const found = options.choices.find((item) => item === value);
    if (found === undefined) throw new Invalid(\`must be one of \${options.choices.join(', ')}\`);
    return found;
  };
  return field(options, { parse });
}
`,
  },
  {
    types: ['list'],
    code: `const mostItems = 100;

export function texts(options: FieldOptions): Field<readonly string[]> {
  const parse = (value: unknown): readonly string[] => {
    const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string' && item.isWellFormed());
    if (!isTexts) throw new Invalid('must be a list of texts');
    if (value.length > mostItems) throw new Invalid(\`must have at most \${mostItems} entries\`);
    return value as string[];
  };
  return {
    ...field({ ...options, required: true }, { parse }),
    required: options.required ?? false,
    fallback: [],
    fromText: (text) => text.split(','),
    encode: (value) => JSON.stringify(value),
    decode: (value) => JSON.parse(String(value)) as string[],
  };
}
`,
  },
];
