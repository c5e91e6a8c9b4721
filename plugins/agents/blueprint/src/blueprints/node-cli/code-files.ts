import { dataVariable, groupOf, optionOf } from '../../command-line/naming.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { literal } from '../node-api/resource-files.ts';
import { cliModule } from './cli-module.ts';
import { storeModule } from './store-module.ts';
import { thingModule, thingsModule } from './things-module.ts';
import { valuesModule } from './values-module.ts';

/** The sources: entry, arguments, commands, settings, store, and what is kept. */
export function codeFiles(model: Model): ProjectFile[] {
  const files: Readonly<Record<string, string>> = {
    'main.ts': main,
    'cli.ts': cliModule,
    'errors.ts': errors,
    'output.ts': output,
    'settings.ts': settings(model),
    'store.ts': storeModule,
    'thing.ts': thingModule,
    'things.ts': thingsModule(model),
    'usage.ts': usage(model),
    'values.ts': valuesModule(model),
  };
  return Object.entries(files).map(([name, content]) => ({ path: `src/${name}`, content }));
}

const main = `#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { run } from './cli.ts';

// Whoever read the output may have enough before its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { code, out, err } = run(process.argv.slice(2), process.env);
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
`;

const errors = `/** Something that cannot be done, told in one line. It is no bug. */
export class ToolError extends Error {}

/** The tool was called wrongly. */
export class UsageError extends Error {}
`;

const output = `import type { Item, Thing, Value } from './thing.ts';

export function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export function asTable(thing: Thing, items: readonly Item[]): string {
  const [first] = items;
  if (!first) return \`No \${thing.plural}.\`;
  const head = Object.keys(first).map((name) => name.toUpperCase());
  return aligned([head, ...items.map((item) => Object.values(item).map(shown))]);
}

export function asLines(item: Item): string {
  return aligned(Object.entries(item).map(([key, value]) => [\`\${key}:\`, shown(value)]));
}

/** One line that a terminal cannot take for commands. */
function shown(value: Value): string {
  if (value === null) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text.replaceAll(/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]/gu, ' ');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
    .join('\\n');
}
`;

const settings = (model: Model): string => `import { homedir } from 'node:os';
import { join } from 'node:path';

export const toolName = ${literal(model.slug)};
export const version = '0.1.0';
export const dataVariable = '${dataVariable(model)}';

/** Where the data is kept: the option, else the environment, else a place of the tool's own. */
export function dataFile(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = option || env[dataVariable];
  if (named) return named;
  const share = env['XDG_DATA_HOME'] || join(env['HOME'] || homedir(), '.local', 'share');
  return join(share, toolName, 'data.db');
}
`;

function usage(model: Model): string {
  const isOne = model.entities.length === 1;
  const things = model.entities
    .map((entity) => {
      const [group = ''] = groupOf(entity, model);
      return `    ${group.padEnd(12)} ${entity.labels} (${entity.fields.map((field) => `--${optionOf(field)}`).join(', ')})`;
    })
    .join('\n');
  return `import type { Thing } from './thing.ts';
import { dataVariable, toolName } from './settings.ts';

/** What --help prints of the tool${isOne ? '' : ', and of one kind of thing'}. */
export function usage(${isOne ? 'thing: Thing' : 'thing: Thing | null'}): string {
${isOne ? '' : '  if (!thing) return groups;\n'}  const fields = thing.fields.map((field) => {
    const rules = [field.kind.help ?? '', field.required ? 'required' : '', field.unique ? 'unique' : ''];
    const word = field.kind.flag ? '' : \` \${field.kind.word}\`;
    return \`    --\${field.option}\${word}\`.padEnd(30) + rules.filter((rule) => rule !== '').join(', ');
  });
  return \`usage: \${toolName}${isOne ? '' : ' ${thing.command}'} COMMAND [options]

commands:
    add              add one, with its fields
    list             print all, or those that have the fields that are named
    show NUMBER      print one
    update NUMBER    change the fields that are named; an empty value clears
    remove NUMBER    remove one

fields:
\${fields.map((line) => line.trimEnd()).join('\\n')}

options of list:
    --search TEXT    text that occurs in them
    --sort FIELD     in order of a field, with --reverse the other way round
    --limit COUNT    at most so many
    --offset COUNT   skip so many

options of all:
    --json           print JSON
    --data FILE      where the data is kept; else \${dataVariable}, else a place of its own
    --help, --version\`;
}
${
  isOne
    ? ''
    : `
const groups = \`usage: \${toolName} THING COMMAND [options]

things:
${things}

\${toolName} THING --help tells of its commands.\`;
`
}`;
}
