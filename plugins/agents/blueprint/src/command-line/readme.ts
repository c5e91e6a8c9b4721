import { boundText } from '../model/bounds.ts';
import type { Entity, Field, Model } from '../model/model.ts';
import { sampleBody } from '../model/samples.ts';
import { dataVariable, groupOf, optionOf } from './naming.ts';
import { optionsFor, shellWord } from './session.ts';

export interface ReadmeParts {
  /** What it is made with: 'A Python program without dependencies that keeps its data in SQLite.' */
  readonly madeWith: string;
  /** Markdown: how to install it and how to test it. */
  readonly installing: string;
}

/** README.md of a generated tool: install it, use it, configure it. */
export function toolReadme(model: Model, { madeWith, installing }: ReadmeParts): string {
  const kept = model.entities
    .map(({ labels }) => labels)
    .join(', ')
    .replace(/, ([^,]+)$/, ' and $1');
  const variable = dataVariable(model);
  return `# ${model.title}

A command line tool for ${kept}. ${madeWith}

${installing}
## Use it

${model.entities.map((entity) => section(entity, model)).join('\n')}
\`--json\` prints JSON for other programs; \`--help\` tells of everything there is, for the tool and for each command.

## Settings

| Name | Default | Meaning |
| --- | --- | --- |
| \`--data FILE\` or \`${variable}\` | \`~/.local/share/${model.slug}/\` | Where the data is kept; the option counts before the variable |
| \`XDG_DATA_HOME\` | \`~/.local/share\` | Holds the tool's own folder where neither is given |

## Exit codes

| Code | Meaning |
| --- | --- |
| 0 | Done |
| 1 | Could not be done: there is no such number, a value is taken, the data file cannot be used |
| 2 | Called wrongly: an unknown command or option, a value that is missing or not valid |

Errors are one line on stderr.

## License

MIT, see [LICENSE](LICENSE).
`;
}

function section(entity: Entity, model: Model): string {
  const start = [model.slug, ...groupOf(entity, model)].join(' ');
  const options = optionsFor(entity, sampleBody(entity, 1)).map(shellWord).join(' ');
  const [first] = entity.fields;
  const change = first ? optionsFor(entity, { [first.key]: sampleBody(entity, 2)[first.key] ?? null }) : [];
  return `\`\`\`sh
${start} add ${options}
${start} list --sort ${first ? optionOf(first) : ''} --json
${start} list --search text --limit 10
${start} show 1
${start} update 1 ${change.map(shellWord).join(' ')}
${start} remove 1
\`\`\`

| Option | Value | Rules |
| --- | --- | --- |
${entity.fields.map((field) => `| \`--${optionOf(field)}\` | ${typeText(field)} | ${ruleText(field)} |\n`).join('')}
The same options choose what \`${start} list\` prints. In \`${start} update\` an empty value clears what may be empty.
`;
}

const types: Readonly<Record<Field['type'], string>> = {
  string: 'text',
  text: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes, or no with `--no-` before the name',
  date: 'date, `2026-01-31`',
  datetime: 'moment, `2026-01-31T12:00:00Z`',
  email: 'e-mail address',
  url: 'web address',
  choice: 'a choice',
  list: 'text; may be given several times',
};

function typeText(field: Field): string {
  return types[field.type];
}

function ruleText(field: Field): string {
  const isBound = field.type === 'choice' || field.min !== null || (field.max !== null && field.type !== 'boolean');
  const rules = [
    field.required && field.type !== 'boolean' ? 'required' : 'optional',
    ...(field.unique ? ['unique'] : []),
    ...(isBound ? [boundText(field).replaceAll('|', String.raw`\|`)] : []),
  ];
  return rules.join(', ');
}
