import { defaultLength, textual, type Entity, type Field } from './model.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

const counting = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A valid value; `n` from 1 to 9 gives values that differ wherever the field's bounds leave room. */
export function sampleOf(field: Field, n: number): Json {
  switch (field.type) {
    case 'string':
    case 'text':
      return fitText(`${capitalised(field.label)} ${counting[n]}`, field, n);
    case 'email':
      return `${counting[n]}@example.com`;
    case 'url':
      return `https://example.com/${counting[n]}`;
    case 'integer':
      return whole(field, n);
    case 'number':
      return decimal(field, n);
    case 'boolean':
      return n % 2 === 1;
    case 'date':
      return `2026-01-1${n}`;
    case 'datetime':
      return `2026-01-1${n}T12:00:00Z`;
    case 'choice':
      return field.choices[n % field.choices.length] ?? '';
    case 'list':
      return [`${counting[n]}`, 'other'];
  }
}

/** A whole valid body. */
export function sampleBody(entity: Entity, n: number): JsonObject {
  return Object.fromEntries(entity.fields.map((field) => [field.key, sampleOf(field, n)]));
}

export interface InvalidSample {
  readonly value: Json;
  /** 'that is too long': follows the field's name. */
  readonly why: string;
  readonly rule: 'type' | 'min' | 'max';
}

/** Values that the field must refuse. The first is of a wrong type or shape. */
export function invalidSamples(field: Field): InvalidSample[] {
  const wrong: InvalidSample = { value: wrongValue(field), why: 'of a wrong kind', rule: 'type' };
  if (textual.includes(field.type)) {
    const longest = field.max ?? defaultLength(field.type);
    const short: InvalidSample[] =
      field.min !== null && field.min > 1
        ? [{ value: 'x'.repeat(field.min - 1), why: 'that is too short', rule: 'min' }]
        : [];
    const long: InvalidSample[] =
      field.type === 'string' || field.max !== null
        ? [{ value: 'x'.repeat(longest + 1), why: 'that is too long', rule: 'max' }]
        : [];
    return [wrong, ...short, ...long];
  }
  const low: InvalidSample[] =
    field.min === null
      ? []
      : [{ value: field.minOpen ? field.min : field.min - 1, why: 'that is too small', rule: 'min' }];
  const high: InvalidSample[] =
    field.max === null ? [] : [{ value: field.max + 1, why: 'that is too great', rule: 'max' }];
  return [wrong, ...low, ...high];
}

function wrongValue(field: Field): Json {
  switch (field.type) {
    case 'string':
    case 'text':
      return 42;
    case 'email':
    case 'url':
      return 'nowhere';
    case 'integer':
    case 'number':
      return 'many';
    case 'boolean':
      return 'yes';
    case 'date':
    case 'datetime':
      return 'tomorrow';
    case 'choice':
      return 'no such choice';
    case 'list':
      return 'a text';
  }
}

function fitText(text: string, field: Field, n: number): string {
  const longest = field.max ?? defaultLength(field.type);
  const short = text.length > longest ? `${n}`.padStart(Math.min(longest, 3), 'abc') : text;
  return short.slice(-longest).padEnd(field.min ?? 1, 'x');
}

function whole(field: Field, n: number): number {
  const { min, max } = field;
  if (min === null && max === null) return /\byear\b/.test(field.label) ? 2000 + n : 10 + n;
  if (min !== null && max !== null) return Math.ceil(min) + (n % (Math.floor(max) - Math.ceil(min) + 1));
  return min === null ? Math.floor(max ?? 0) - n : Math.ceil(min) + n;
}

function decimal(field: Field, n: number): number {
  const { min, max } = field;
  if (min === null && max === null) return 10 + n + 0.5;
  if (min !== null && max !== null) return Math.round((min + ((max - min) * n) / 10) * 1000) / 1000;
  return min === null ? (max ?? 0) - n - 0.5 : min + n + 0.5;
}

function capitalised(label: string): string {
  return label.slice(0, 1).toUpperCase() + label.slice(1);
}

/** A value as a query string spells it. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
