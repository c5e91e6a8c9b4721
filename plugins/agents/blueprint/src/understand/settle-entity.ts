import type { Conventions, Entity, Field } from '../model/model.ts';
import { kebab, snake, wordsOf } from '../model/words.ts';
import { draftOf } from './field-draft.ts';
import { settleFields } from './settle-fields.ts';
import type { EntityDraft } from './statements.ts';

interface Settling {
  readonly conventions: Conventions;
  readonly paths: readonly string[];
  readonly notes: string[];
}

/** A thing as it is built: its names, its path, and fields that it usually has where none were named. */
export function settleEntity(draft: EntityDraft, { conventions, paths, notes }: Settling): Entity {
  const plural = safeName(draft.plural);
  const label = draft.singular.join(' ');
  if (draft.fields.length === 0) {
    const names = usualFields(draft.singular.at(-1) ?? '');
    notes.push(`No fields of ${draft.plural.join(' ')} were named: each has ${names.join(' and ')}.`);
    draft.fields.push(...names.map(draftOf));
  }
  const fields: readonly Field[] = settleFields(draft.fields, conventions);
  return {
    singular: snake(draft.singular).replace(/^(?=\d)/, 'n'),
    plural,
    label,
    labels: draft.plural.join(' '),
    path: pathOf(draft, paths),
    fields,
  };
}

function usualFields(noun: string): readonly string[] {
  if (['todo', 'task', 'chore', 'reminder'].includes(noun)) return ['title', 'done'];
  if (['book', 'album', 'song'].includes(noun)) return ['title', noun === 'book' ? 'author' : 'artist'];
  return ['post', 'note', 'article', 'page', 'recipe'].includes(noun) ? ['title', 'body'] : ['name', 'description'];
}

const reserved = new Set([
  'and',
  'as',
  'assert',
  'class',
  'def',
  'del',
  'from',
  'global',
  'if',
  'import',
  'in',
  'is',
  'not',
  'or',
  'pass',
  'return',
  'with',
  'yield',
  'none',
  'true',
  'false',
  'function',
  'var',
  'new',
  'delete',
  'default',
  'export',
  'index',
  'init',
]);

function safeName(words: readonly string[]): string {
  const name = snake(words);
  return reserved.has(name) || /^\d/.test(name) ? `the_${name}` : name;
}

/** The path that the person wrote for it, or one made of its name. */
function pathOf(draft: EntityDraft, paths: readonly string[]): string {
  const own = paths
    .map((path) => path.replace(/\/<id>$/, ''))
    .filter((path) => !path.includes('<'))
    .find((path) =>
      [snake(draft.plural), snake(draft.singular)].includes(snake(wordsOf(path.split('/').at(-1) ?? ''))),
    );
  return own ?? `${prefixOf(paths)}/${kebab(draft.plural)}`;
}

/** '/api' or '/api/v1' when paths in the texts begin so, or the prompt says it. */
export function prefixOf(paths: readonly string[]): string {
  return (
    paths
      .map((path) => /^\/api(?:\/v\d+)?(?=\/|$)|^\/v\d+(?=\/|$)/.exec(path)?.[0])
      .find((prefix) => prefix !== undefined) ?? ''
  );
}
