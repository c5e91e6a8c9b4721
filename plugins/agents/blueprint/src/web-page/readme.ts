import { boundText } from '../model/bounds.ts';
import type { Entity, Field, Model } from '../model/model.ts';
import { labelOf } from './visit.ts';

export interface ReadmeParts {
  /** What it is made with, a sentence. */
  readonly madeWith: string;
  /** Markdown: the sections 'Open it' and 'Test it'. */
  readonly opening: string;
  /** Markdown: what to change where. */
  readonly changing: string;
}

/** README.md of a generated page: open it, test it, change it. */
export function pageReadme(model: Model, { madeWith, opening, changing }: ReadmeParts): string {
  const kept = new Intl.ListFormat('en').format(model.entities.map(({ labels }) => labels));
  return `# ${model.title}

A web page for ${kept}: add, edit, remove, search and sort them. ${madeWith}

Everything is kept in the browser that opens it (localStorage, under the key \`${model.slug}\`): nothing is sent anywhere, and another
browser or computer does not see it.

${opening}
${model.entities.map(section).join('\n')}
## Change it

${changing}
## License

MIT, see [LICENSE](LICENSE).
`;
}

function section(entity: Entity): string {
  const rows = entity.fields
    .map((field) => `| ${labelOf(field)} | ${types[field.type]} | ${rules(field)} |\n`)
    .join('');
  return `## What it keeps of ${entity.labels}

| Field | Value | Rules |
| --- | --- | --- |
${rows}`;
}

const types: Readonly<Record<Field['type'], string>> = {
  string: 'text',
  text: 'text of several lines',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
  date: 'date',
  datetime: 'date and time',
  email: 'e-mail address',
  url: 'web address',
  choice: 'a choice',
  list: 'texts, with commas between them',
};

function rules(field: Field): string {
  const isBound = field.type === 'choice' || field.min !== null || (field.max !== null && field.type !== 'boolean');
  return [
    field.required && field.type !== 'boolean' ? 'required' : 'optional',
    ...(field.unique ? ['unique'] : []),
    ...(isBound ? [boundText(field).replaceAll('|', String.raw`\|`)] : []),
  ].join(', ');
}
