/** src/validate.ts: from what was typed to values, or to what is wrong. */
export const validateModule = String.raw`import type { Field, Item, Thing, Value, Values } from './thing.ts';

/** What was typed, chosen or ticked, by the key of its field. */
export type Draft = Readonly<Record<string, string | boolean>>;
export type Problems = Readonly<Record<string, string>>;

export function emptyDraft({ fields }: Thing): Draft {
  return Object.fromEntries(fields.map(({ key, kind }) => [key, kind === 'boolean' ? false : '']));
}

export function draftOf({ fields }: Thing, values: Values): Draft {
  return Object.fromEntries(
    fields.map(({ key }) => {
      const value = values[key] ?? null;
      if (typeof value === 'boolean') return [key, value];
      return [key, typeof value === 'object' ? (value?.join(', ') ?? '') : String(value)];
    }),
  );
}

export function valuesOf({ fields }: Thing, draft: Draft): Values {
  return Object.fromEntries(fields.map((field) => [field.key, valueOf(field, draft[field.key] ?? '')]));
}

/** What is wrong, by the key of its field; others are the items whose unique values are taken. */
export function problemsOf({ fields }: Thing, draft: Draft, others: readonly Item[]): Problems {
  const found = fields.map((field) => [field.key, problemOf(field, draft[field.key] ?? '', others)] as const);
  return Object.fromEntries(found.filter(([, problem]) => problem !== ''));
}

function valueOf({ kind }: Field, typed: string | boolean): Value {
  if (typeof typed === 'boolean') return typed;
  const text = typed.trim();
  if (kind === 'list')
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  if (text === '') return null;
  return kind === 'integer' || kind === 'number' ? Number(text) : text;
}

const email = /^[^@\s]+@[^@\s]+\.[^@\s.]+$/;
export const webAddress = /^https?:\/\/[^\s/?#]+\S*$/i;

function problemOf(field: Field, typed: string | boolean, others: readonly Item[]): string {
  const value = valueOf(field, typed);
  if (value === null || (typeof value === 'object' && value.length === 0)) return field.required ? 'This is needed.' : '';
  if (typeof value === 'number') return numberProblem(field, String(typed).trim(), value) || taken(field, value, others);
  return (typeof value === 'string' ? textProblem(field, value) : '') || taken(field, value, others);
}

function numberProblem({ kind, least, most, above }: Field, text: string, value: number): string {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return 'This must be a number, such as 12.';
  if (kind === 'integer' && !Number.isSafeInteger(value)) return 'This must be a whole number.';
  if (above !== undefined && value <= above) return 'This must be greater than ' + above + '.';
  if (least !== undefined && value < least) return 'This must be at least ' + least + '.';
  return most !== undefined && value > most ? 'This must be at most ' + most + '.' : '';
}

function textProblem({ kind, least, most, choices }: Field, value: string): string {
  const length = [...value].length;
  if (least !== undefined && length < least) return 'This must have at least ' + least + ' characters.';
  if (most !== undefined && length > most) return 'This must have at most ' + most + ' characters.';
  if (kind === 'email' && !email.test(value)) return 'This must be an e-mail address, such as ada@example.com.';
  if (kind === 'url' && !webAddress.test(value)) return 'This must be a web address, such as https://example.com.';
  return choices !== undefined && !choices.includes(value) ? 'This must be one of ' + choices.join(', ') + '.' : '';
}

function taken({ key, unique }: Field, value: Value, others: readonly Item[]): string {
  return unique && others.some(({ values }) => values[key] === value) ? 'There is one with this already.' : '';
}
`;

/** src/find.ts: search, filters and order of a list. */
export const findModule = String.raw`import { shown, type Item, type Thing, type Value } from './thing.ts';

export interface Query {
  readonly search: string;
  /** The text that a field must show, by its key. */
  readonly filters: Readonly<Record<string, string>>;
  /** Key of a field; '' for the order of adding. */
  readonly sort: string;
  readonly descending: boolean;
}

export const everything: Query = { search: '', filters: {}, sort: '', descending: false };

export function find(items: readonly Item[], { fields }: Thing, query: Query): Item[] {
  const words = query.search.trim().toLowerCase();
  const found = items
    .filter(({ values }) => fields.some(({ key, kind }) => shown(values[key], kind).toLowerCase().includes(words)))
    .filter(({ values }) =>
      fields.every(({ key, kind }) => !query.filters[key] || shown(values[key], kind) === query.filters[key]),
    );
  if (query.sort !== '') found.sort((one, two) => compare(one.values[query.sort], two.values[query.sort]));
  return query.descending ? found.reverse() : found;
}

/** Nothing comes first; texts whatever the case of their letters. */
function compare(one: Value | undefined, two: Value | undefined): number {
  const [first, second] = [one ?? null, two ?? null];
  if (first === null || second === null) return Number(first !== null) - Number(second !== null);
  if (typeof first === 'string' && typeof second === 'string')
    return first.localeCompare(second, undefined, { sensitivity: 'base' });
  return first < second ? -1 : Number(first > second);
}
`;

/** src/use-records.ts: what the browser stores. */
export const recordsModule = String.raw`import { useEffect, useState } from 'react';
import { storeKey } from './things.ts';
import type { Item } from './thing.ts';

type Records = Readonly<Record<string, readonly Item[]>>;

interface Kept {
  readonly records: Records;
  /** False where what is stored cannot be read: then nothing is written over it. */
  readonly isSafe: boolean;
  /** What people have to know. */
  readonly problem: string;
}

const unreadable = 'What this browser stored cannot be read. It stays as it is, and what you add now is gone when you leave.';
const full = 'The browser could not store this: it is full, or it stores nothing for this page. It is gone when you leave.';

function read(): Kept {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storeKey) ?? '{}');
    if (stored === null || typeof stored !== 'object' || !Object.values(stored).every(isItems)) throw new TypeError();
    return { records: stored as Records, isSafe: true, problem: '' };
  } catch {
    return { records: {}, isSafe: false, problem: unreadable };
  }
}

function isItems(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item?.id === 'number' && item.values instanceof Object);
}

function write({ records, isSafe, problem }: Kept): Kept {
  if (!isSafe) return { records, isSafe, problem };
  try {
    localStorage.setItem(storeKey, JSON.stringify(records));
    return { records, isSafe, problem: '' };
  } catch {
    return { records, isSafe, problem: full };
  }
}

/** Items of all things, kept in the browser, and changed in every tab at once. */
export function useRecords() {
  const [kept, setKept] = useState(read);
  useEffect(() => {
    const follow = ({ key }: StorageEvent): void => {
      if (key === storeKey) setKept(read());
    };
    addEventListener('storage', follow);
    return () => removeEventListener('storage', follow);
  }, []);
  return {
    problem: kept.problem,
    itemsOf: (thing: string): readonly Item[] => (Object.hasOwn(kept.records, thing) ? (kept.records[thing] ?? []) : []),
    change: (thing: string, items: readonly Item[]): void =>
      setKept(write({ ...kept, records: { ...kept.records, [thing]: items } })),
  };
}
`;
