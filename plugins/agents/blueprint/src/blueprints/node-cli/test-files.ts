import { groupOf, optionOf } from '../../command-line/naming.ts';
import { optionFor, optionsFor } from '../../command-line/session.ts';
import { filterable } from '../../model/filterable.ts';
import { textual, type Entity, type Field, type Model, type ProjectFile } from '../../model/model.ts';
import { invalidSamples, sampleBody, textOf } from '../../model/samples.ts';
import { withArticle } from '../../model/words.ts';
import { fileName, literal } from '../node-api/resource-files.ts';

/** The project's own tests: the real tool, called with arguments, on a data file of its own. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'test/support.ts', content: support },
    { path: 'test/cli.test.ts', content: cliTests(model) },
    ...model.entities.map((entity) => ({
      path: `test/${fileName(entity.plural)}.test.ts`,
      content: thingTests(entity, model),
    })),
  ];
}

const words = (values: readonly string[]): string => values.map((value) => literal(value)).join(', ');

const support = `import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run, type Ended } from '../src/cli.ts';
import { dataVariable } from '../src/settings.ts';

export interface Tool {
  readonly data: string;
  call(...words: readonly string[]): Ended;
  /** What a call with --json prints. */
  json(...words: readonly string[]): unknown;
}

/** The tool on a data file of its own, which goes away with the test. */
export function toolFor(t: TestContext): Tool {
  const folder = mkdtempSync(join(tmpdir(), 'tool-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'deep', 'test.db');
  const call = (...words: readonly string[]): Ended => run(words, { [dataVariable]: data });
  return { data, call, json: (...words) => JSON.parse(call(...words, '--json').out) as unknown };
}
`;

function cliTests(model: Model): string {
  const [entity] = model.entities;
  const group = entity ? groupOf(entity, model) : [];
  return `import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { run } from '../src/cli.ts';
import { dataFile, dataVariable, toolName } from '../src/settings.ts';
import { toolFor } from './support.ts';

test('help and version end with 0', () => {
  assert.match(run([${words([...group, '--help'])}], {}).out, /usage:[^]* add /);
  assert.equal(run(['--help'], {}).code, 0);
  assert.equal(run(['--version'], {}).out, \`\${toolName} 0.1.0\\n\`);
});

test('a wrong call ends with 2 and says why', (t) => {
  const tool = toolFor(t);
  for (const words of [[], ['nothing'], [${words([...group, 'list', '--nothing'])}], [${words([...group, 'list', 'more'])}], [${words([...group, 'show'])}]]) {
    const { code, out, err } = tool.call(...words);
    assert.equal(code, 2, words.join(' '));
    assert.equal(out, '');
    assert.ok(err.startsWith(\`\${toolName}: error: \`));
  }
});

test('the option counts before the environment', () => {
  const env = { [dataVariable]: 'from-env', XDG_DATA_HOME: '/share' };
  assert.equal(dataFile('from-option', env), 'from-option');
  assert.equal(dataFile(undefined, env), 'from-env');
  assert.equal(dataFile(undefined, { XDG_DATA_HOME: '/share' }), join('/share', toolName, 'data.db'));
  assert.equal(dataFile(undefined, { HOME: '/home/ada' }), join('/home/ada/.local/share', toolName, 'data.db'));
});

test('a file that is no database is told and stays as it is', (t) => {
  const tool = toolFor(t);
  mkdirSync(dirname(tool.data));
  writeFileSync(tool.data, 'not a database, and longer than its header would be '.repeat(20));
  const { code, err } = tool.call(${words([...group, 'list'])});
  assert.equal(code, 1);
  assert.match(err, /cannot use the data file/);
  assert.match(readFileSync(tool.data, 'utf8'), /^not a database/);
});

test('it runs as a program', (t) => {
  const env = { ...process.env, [dataVariable]: toolFor(t).data };
  const ended = spawnSync(process.execPath, ['src/main.ts', ${words([...group, 'list', '--json'])}], { env, encoding: 'utf8' });
  assert.equal(ended.stdout, '[]\\n');
  assert.equal(ended.status, 0);
});
`;
}

interface About {
  readonly entity: Entity;
  /** Words of a call, as arguments of a function. */
  readonly call: (...more: string[]) => string;
}

function thingTests(entity: Entity, model: Model): string {
  const about: About = { entity, call: (...more) => words([...groupOf(entity, model), ...more]) };
  return [
    head(about),
    basics(about),
    finding(about),
    changing(about),
    refusing(about),
    ...entity.fields.filter(({ unique }) => unique).map((field) => uniqueness(about, field)),
  ].join('\n');
}

const head = ({ entity, call }: About): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolFor, type Tool } from './support.ts';

const first = ${object(entity, 1)};
const second = ${object(entity, 2)};
const firstWords = ${list(optionsFor(entity, sampleBody(entity, 1)))};
const secondWords = ${list(optionsFor(entity, sampleBody(entity, 2)))};

function addBoth(tool: Tool): void {
  tool.call(${call('add')}, ...firstWords);
  tool.call(${call('add')}, ...secondWords);
}
`;

function object(entity: Entity, id: number): string {
  return JSON.stringify({ id, ...sampleBody(entity, id) }, null, 2);
}

function list(values: readonly string[]): string {
  const line = `[${words(values)}]`;
  return line.length <= 90 ? line : `[\n${values.map((value) => `  ${literal(value)},\n`).join('')}]`;
}

const basics = ({
  entity: { label, labels },
  call,
}: About): string => `test('${withArticle(label)} is stored and printed with its number', (t) => {
  const tool = toolFor(t);
  assert.deepEqual(tool.json(${call('add')}, ...firstWords), first);
  assert.deepEqual(tool.json(${call('show', '1')}), first);
});

test('${labels} are listed, all or some', (t) => {
  const tool = toolFor(t);
  assert.deepEqual(tool.json(${call('list')}), []);
  addBoth(tool);
  assert.deepEqual(tool.json(${call('list')}), [first, second]);
  assert.deepEqual(tool.json(${call('list', '--limit', '1', '--offset', '1')}), [second]);
  assert.equal(tool.call(${call('list', '--limit', 'x')}).code, 2);
});

test('people get aligned text of ${labels}', (t) => {
  const tool = toolFor(t);
  assert.match(tool.call(${call('list')}).out, /^No /);
  assert.match(tool.call(${call('add')}, ...firstWords).out, /^Added /);
  assert.match(tool.call(${call('list')}).out, /^ID .*\\n1 /);
  assert.match(tool.call(${call('show', '1')}).out, /^id:/);
});

test('${withArticle(label)} that does not exist is told', (t) => {
  const tool = toolFor(t);
  for (const verb of ['show', 'update', 'remove']) {
    const { code, err } = tool.call(${call()}${call() === '' ? '' : ', '}verb, '987654321');
    assert.equal(code, 1);
    assert.match(err, /there is no/);
  }
  assert.equal(tool.call(${call('show', 'one')}).code, 2);
});
`;

function finding({ entity, call }: About): string {
  const { labels, fields } = entity;
  const differs = (item: Field): boolean => filterable([{ ...item, key: '' }]) !== undefined;
  const field = fields.find(differs);
  const searched = fields.find((item) => textual.includes(item.type) && differs(item));
  const lines = [
    ...(field
      ? [
          `  assert.deepEqual(tool.json(${call('list', ...optionFor(field, sampleBody(entity, 1)[field.key] ?? null))}), [first]);`,
          `  const upwards = tool.json(${call('list', '--sort', optionOf(field))}) as object[];`,
          `  assert.equal(upwards.length, 2);`,
          `  assert.deepEqual(tool.json(${call('list', '--sort', optionOf(field), '--reverse')}), upwards.toReversed());`,
        ]
      : []),
    ...(searched
      ? [
          `  assert.deepEqual(tool.json(${call('list', '--search', textOf(sampleBody(entity, 1)[searched.key] ?? '').toUpperCase())}), [first]);`,
        ]
      : []),
    `  assert.deepEqual(tool.json(${call('list', '--search', 'nowhere at all')}), []);`,
    `  assert.equal(tool.call(${call('list', '--sort', 'nothing')}).code, 2);`,
  ];
  return `test('${labels} can be filtered, put in order and searched', (t) => {
  const tool = toolFor(t);
  addBoth(tool);
${lines.join('\n')}
});
`;
}

function changing({ entity, call }: About): string {
  const { label, fields } = entity;
  const field = fields.find(({ unique }) => !unique) ?? fields[0];
  const value = field ? (sampleBody(entity, 2)[field.key] ?? null) : null;
  const key = JSON.stringify(field?.key);
  const clearable = fields.find((item) => !item.required && !['boolean', 'list'].includes(item.type));
  return `test('updating ${withArticle(label)} keeps what is not named', (t) => {
  const tool = toolFor(t);
  tool.call(${call('add')}, ...firstWords);
  const changed = { ...first, ${key}: second[${key}] };
  assert.deepEqual(tool.json(${call('update', '1', ...(field ? optionFor(field, value) : []))}), changed);
  assert.deepEqual(tool.json(${call('show', '1')}), changed);
${
  clearable
    ? `  assert.deepEqual(tool.json(${call('update', '1', `--${optionOf(clearable)}`, '')}), { ...changed, ${JSON.stringify(clearable.key)}: null });\n`
    : ''
}});

test('removing ${withArticle(label)} removes no other', (t) => {
  const tool = toolFor(t);
  addBoth(tool);
  assert.equal(tool.call(${call('remove', '1')}).code, 0);
  assert.deepEqual(tool.json(${call('list')}), [second]);
  assert.equal(tool.call(${call('remove', '1')}).code, 1);
});
`;
}

function refusing({ entity, call }: About): string {
  const { label, fields } = entity;
  const cases = fields
    .filter(({ type }) => type !== 'boolean' && type !== 'list')
    .flatMap((field) =>
      invalidSamples(field)
        .filter(({ value }) => typeof value === 'string' || !textual.includes(field.type))
        .map(({ value }) => `    ['--${optionOf(field)}', ${compact(textOf(value))}],\n`),
    );
  const required = fields.filter((field) => field.required && field.type !== 'boolean');
  const invalid =
    cases.length === 0
      ? ''
      : `test('${withArticle(label)} with a value that is not valid is refused', (t) => {
  const tool = toolFor(t);
  for (const [option, word] of [
${cases.join('')}  ] as const) {
    const { code, err } = tool.call(${call('add')}, ...firstWords, \`\${option}=\${word}\`);
    assert.equal(code, 2, option);
    assert.ok(err.includes(\`error: \${option}: \`), err);
  }
  assert.deepEqual(tool.json(${call('list')}), []);
});
`;
  const missing =
    required.length === 0
      ? ''
      : `
test('${withArticle(label)} without a required field is refused', (t) => {
  const tool = toolFor(t);
  for (const option of [${words(required.map((field) => `--${optionOf(field)}`))}]) {
    const at = firstWords.indexOf(option);
    const { code, err } = tool.call(${call('add')}, ...firstWords.toSpliced(at, 2));
    assert.equal(code, 2);
    assert.ok(err.includes(option), err);
  }
});
`;
  return invalid + missing;
}

/** Long runs of one letter read better as an expression. */
function compact(text: string): string {
  return /^x{30,}$/.test(text) ? `'x'.repeat(${text.length})` : literal(text);
}

const uniqueness = (
  { entity, call }: About,
  field: Field,
): string => `test('${field.label} of ${withArticle(entity.label)} is unique', (t) => {
  const tool = toolFor(t);
  addBoth(tool);
  const { code, err } = tool.call(${call('update', '2')}, \`--${optionOf(field)}=\${first[${JSON.stringify(field.key)}]}\`);
  assert.equal(code, 1);
  assert.match(err, /--${optionOf(field)}: is taken already/);
});
`;
