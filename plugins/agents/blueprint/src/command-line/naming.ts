import type { Entity, Field, Model } from '../model/model.ts';
import { kebab, wordsOf } from '../model/words.ts';

/** Options that every subcommand, or a list, has for itself. */
const reserved = new Set(['json', 'data', 'help', 'version', 'search', 'sort', 'reverse', 'limit', 'offset']);

/** The option that sets a field, without its dashes: 'due-date'. */
export function optionOf(field: Field): string {
  const name = kebab(wordsOf(field.key));
  return reserved.has(name) ? `${name}-value` : name;
}

/** Variable that says where the data is: 'BOOK_TOOL_DATA'. */
export function dataVariable({ slug }: Model): string {
  return `${slug
    .replaceAll('-', '_')
    .toUpperCase()
    .replace(/^(?=\d)/, 'N')}_DATA`;
}

/** Words before a verb: none where the tool keeps one kind of thing. */
export function groupOf(entity: Entity, { entities }: Model): readonly string[] {
  return entities.length > 1 ? [kebab(entity.plural.replace(/^the_/, '').split('_'))] : [];
}
