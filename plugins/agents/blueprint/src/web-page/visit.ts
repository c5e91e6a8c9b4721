import type { CheckProposal } from '@devfactory/contracts';
import type { Entity, Field } from '../model/model.ts';
import { sampleBody, textOf, type Json, type JsonObject } from '../model/samples.ts';
import { capital } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { driver } from './driver.ts';

/** The heading of the section that keeps one kind of thing: 'Books'. */
export const headingOf = ({ labels }: Entity): string => capital(labels);
export const labelOf = ({ label }: Field): string => capital(label);
export const addButton = ({ label }: Entity): string => `Add ${label}`;
export const saveButton = ({ label }: Entity): string => `Save ${label}`;

/** What a person types or chooses for a value; a box is ticked or not. */
export function typed(field: Field, value: Json): string | boolean {
  if (field.type === 'boolean') return value === true;
  if (field.type === 'datetime') return textOf(value).slice(0, 16);
  return Array.isArray(value) ? value.map((item: Json) => textOf(item)).join(', ') : textOf(value);
}

/** The text of a value's cell. */
function cellOf(field: Field, value: Json): string {
  if (value === null) return '';
  const words = typed(field, value);
  if (typeof words === 'boolean') return words ? 'yes' : 'no';
  return (field.type === 'datetime' ? words.replace('T', ' ') : words).replaceAll(/\s+/g, ' ').trim();
}

export function rowOf({ fields }: Entity, values: JsonObject): string[] {
  return fields.map((field) => cellOf(field, values[field.key] ?? null));
}

export function typedValues({ fields }: Entity, values: JsonObject): Record<string, string | boolean> {
  const given = fields.filter(({ key }) => key in values);
  return Object.fromEntries(given.map((field) => [labelOf(field), typed(field, values[field.key] ?? null)]));
}

/** One visit to the page as a locked test: lines of code that use the page and look at it. */
export function visit(key: string, title: string, lines: readonly string[]): CheckProposal {
  const path = `checks/${key.replaceAll(/[^\w.-]/g, '-')}.test.mjs`;
  const body = lines.map((line) => `  ${line}\n`).join('');
  const content = `${head('./page.mjs')}test(${JSON.stringify(title)}, async () => {\n  const page = openPage();\n${body}});\n`;
  return {
    title,
    intent: 'change',
    timeoutMs: 120_000,
    spec: {
      kind: 'test',
      toolchain: 'node',
      files: [
        { path: 'checks/page.mjs', content: driver },
        { path, content },
      ],
      tests: [`${path}::${title}`],
    },
  };
}

function head(page: string): string {
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '${page}';

`;
}

/** The same visits as a project's own test file. */
export function visitsFile(behaviours: readonly Behaviour[], page: string): string {
  const tests = behaviours.flatMap(({ checks }) =>
    checks.flatMap(({ spec }) =>
      spec.kind === 'test' ? spec.files.slice(1).map(({ content }) => content.slice(head('./page.mjs').length)) : [],
    ),
  );
  return head(page) + tests.join('\n');
}

const code = (...values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** Lines of a visit that are about one kind of thing. */
export const lines = {
  add: (entity: Entity, n: number): string => lines.adding(entity, sampleBody(entity, n)),
  adding: (entity: Entity, values: JsonObject): string =>
    `await page.add(${code(headingOf(entity), addButton(entity), typedValues(entity, values))});`,
  fill: (entity: Entity, values: Readonly<Record<string, string | boolean>>): string =>
    `await page.fill(${code(headingOf(entity), values)});`,
  press: (entity: Entity, name: string, row?: number): string =>
    `await page.press(${row === undefined ? code(headingOf(entity), name) : code(headingOf(entity), name, row)});`,
  shows: (entity: Entity, bodies: readonly JsonObject[]): string =>
    `await page.shows(${code(
      headingOf(entity),
      bodies.map((values) => rowOf(entity, values)),
    )});`,
  refuses: (entity: Entity, field: Field): string => `await page.refuses(${code(headingOf(entity), labelOf(field))});`,
  says: (text: string, selector?: string): string =>
    `await page.says(${selector === undefined ? code(text) : code(text, selector)});`,
};
