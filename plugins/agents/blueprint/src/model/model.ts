/** What the blueprints can build, in one plain value. Understanding fills it, templates and checks read it. */
export interface Model {
  /** For people: 'Book API'. */
  readonly title: string;
  /** For machines: 'book-api'. */
  readonly slug: string;
  readonly entities: readonly Entity[];
  readonly auth: Auth | null;
  /** Before every entity's path: '' or '/api'. */
  readonly prefix: string;
  readonly port: number;
  /** Status of an answer to input that is not valid. */
  readonly invalidStatus: 400 | 422;
  /** What was assumed because nothing said otherwise; told to the person. */
  readonly assumed: readonly string[];
}

/** What differs from kind to kind where a model is settled. */
export interface Conventions {
  /** How keys are spelled that the person did not spell: 'due_date' or 'dueDate'. */
  readonly keys: 'snake' | 'camel';
  /** Port where none is asked for. */
  readonly port: number;
  /** False where nobody can log in: what a text says of accounts is then read like everything else. */
  readonly accounts?: false;
  /** What the product is called, where that is not an API. */
  readonly product?: Product;
}

interface Product {
  /** A text with every name of the product as 'API', the name that the rules for things know. */
  asApi(text: string): string;
  /** Its last word in the title of a project that was given no name: 'Tool'. */
  readonly title: string;
}

export interface Auth {
  /** What an account is known by. */
  readonly login: 'email' | 'username';
  /** Before 'register', 'login' and 'me': '/auth' or '/api/auth'. */
  readonly path: string;
  readonly tokenSeconds: number;
}

/** A thing that the API keeps. Names are snake_case ASCII; labels are for people. */
export interface Entity {
  readonly singular: string;
  readonly plural: string;
  readonly label: string;
  readonly labels: string;
  /** Whole path of the collection, prefix included: '/api/blog-posts'. */
  readonly path: string;
  readonly fields: readonly Field[];
}

export type FieldType =
  | 'string'
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'email'
  | 'url'
  | 'choice'
  | 'list';

export interface Field {
  /** Column, snake_case ASCII. */
  readonly name: string;
  /** Key in JSON and in the query. */
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly unique: boolean;
  /** Smallest value, or shortest length of text. */
  readonly min: number | null;
  /** True when the smallest value itself is refused: 'greater than 0'. */
  readonly minOpen: boolean;
  /** Greatest value, or longest length of text. */
  readonly max: number | null;
  readonly choices: readonly string[];
}

/** One file of a generated project. */
export interface ProjectFile {
  readonly path: string;
  readonly content: string;
}

export const textual: readonly FieldType[] = ['string', 'text', 'email', 'url'];

/** Lengths that text has where the person said nothing. */
export function defaultLength(type: FieldType): number {
  return type === 'text' ? 10_000 : type === 'url' ? 2_000 : type === 'email' ? 254 : 200;
}
