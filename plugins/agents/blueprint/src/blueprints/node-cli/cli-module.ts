/** src/cli.ts: arguments in, exit code and output out. */
export const cliModule = `import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { ToolError, UsageError } from './errors.ts';
import { asJson, asLines, asTable } from './output.ts';
import { dataFile, toolName, version } from './settings.ts';
import { Store } from './store.ts';
import type { Thing, Value, Values } from './thing.ts';
import { thingOf } from './things.ts';
import { usage } from './usage.ts';
import { count, identity, Invalid } from './values.ts';

export interface Ended {
  /** 0: done. 1: could not be done. 2: called wrongly. */
  readonly code: 0 | 1 | 2;
  readonly out: string;
  readonly err: string;
}

type Given = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

interface Call {
  readonly thing: Thing;
  readonly words: readonly string[];
  readonly given: Given;
}

export function run(argv: readonly string[], env: NodeJS.ProcessEnv): Ended {
  try {
    return { code: 0, out: \`\${answer(argv, env)}\\n\`, err: '' };
  } catch (error) {
    const problem = (code: 1 | 2, text: string): Ended => ({ code, out: '', err: \`\${toolName}: error: \${text}\\n\` });
    if (error instanceof UsageError) return problem(2, \`\${error.message}\\nTry '\${toolName} --help'.\`);
    if (error instanceof ToolError) return problem(1, error.message);
    throw error;
  }
}

function answer(argv: readonly string[], env: NodeJS.ProcessEnv): string {
  if (argv[0] === '--version') return \`\${toolName} \${version}\`;
  const { thing, rest } = thingOf(argv);
  if (rest.includes('--help') || rest.includes('-h')) return usage(thing);
  if (!thing) throw new UsageError(argv[0] === undefined ? 'say what it is about' : \`there is no command '\${argv[0]}'\`);
  const [verb, ...options] = rest;
  const command = Object.hasOwn(commands, verb ?? '') ? commands[verb as keyof typeof commands] : undefined;
  if (!command) throw new UsageError(verb === undefined ? 'say what to do' : \`there is no command '\${verb}'\`);
  const call = readCall(thing, options, { isList: verb === 'list' });
  return command(call, (work) => withStore(dataFile(call.given['data'] as string | undefined, env), work));
}

type Work = (store: Store) => string;
type Run = (call: Call, open: (work: Work) => string) => string;

const commands = {
  add(call, open) {
    none(call);
    const values = { ...fallbacks(call.thing), ...fieldsOf(call) };
    const missing = call.thing.fields.filter(({ key, required }) => required && values[key] === null);
    if (missing.length > 0) {
      throw new UsageError(\`missing: \${missing.map(({ option }) => \`--\${option}\`).join(', ')}\`);
    }
    return open((store) => {
      const item = store.add(call.thing, values);
      return call.given['json'] ? asJson(item) : \`Added \${call.thing.name} \${item.id}.\`;
    });
  },
  list(call, open) {
    none(call);
    const { thing, given } = call;
    const sort = thing.fields.find(({ option }) => option === given['sort']);
    if (given['sort'] !== undefined && !sort) {
      throw new UsageError(\`--sort: must be one of \${thing.fields.map(({ option }) => option).join(', ')}\`);
    }
    const query = {
      filters: fieldsOf(call),
      search: given['search'] as string | undefined,
      sort,
      reverse: given['reverse'] === true,
      limit: given['limit'] === undefined ? -1 : read('limit', () => count(String(given['limit']))),
      offset: given['offset'] === undefined ? 0 : read('offset', () => count(String(given['offset']))),
    };
    return open((store) => {
      const items = store.find(thing, query);
      return given['json'] ? asJson(items) : asTable(thing, items);
    });
  },
  show(call, open) {
    const id = numberOf(call);
    return open((store) => {
      const item = store.get(call.thing, id);
      return call.given['json'] ? asJson(item) : asLines(item);
    });
  },
  update(call, open) {
    const id = numberOf(call);
    const values = fieldsOf(call);
    return open((store) => {
      const item = store.update(call.thing, id, values);
      return call.given['json'] ? asJson(item) : \`Updated \${call.thing.name} \${id}.\`;
    });
  },
  remove(call, open) {
    const id = numberOf(call);
    return open((store) => {
      const item = store.remove(call.thing, id);
      return call.given['json'] ? asJson(item) : \`Removed \${call.thing.name} \${id}.\`;
    });
  },
} satisfies Record<string, Run>;

function readCall(thing: Thing, args: readonly string[], { isList }: { readonly isList: boolean }): Call {
  const text = { type: 'string' } as const;
  const query: ParseArgsOptionsConfig = {
    search: text,
    sort: text,
    reverse: { type: 'boolean' },
    limit: text,
    offset: text,
  };
  const fields = thing.fields.map(({ option, kind }) => [
    option,
    { type: kind.flag ? 'boolean' : 'string', multiple: kind.many === true } as const,
  ]);
  const options: ParseArgsOptionsConfig = {
    json: { type: 'boolean' },
    data: text,
    ...(isList ? query : {}),
    ...Object.fromEntries(fields),
  };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true });
    return { thing, words: positionals, given: values as Given };
  } catch (error) {
    if (!(error instanceof TypeError) || !('code' in error)) throw error;
    const [first = ''] = error.message.split('\\n');
    // "Option '--title <value>' argument missing" begins with the option, as all messages here do.
    throw new UsageError(first.replace(/^Option '(?:-\\w, )?(--[^ ']+)[^']*'/, '$1:'));
  }
}

/** Values of the fields that were named. An empty word clears a field that may be empty. */
function fieldsOf({ thing, given }: Call): Values {
  const values: Record<string, Value> = {};
  for (const { key, option, kind, required } of thing.fields) {
    const word = given[option];
    if (word === undefined) continue;
    if (typeof word === 'boolean') values[key] = word;
    else if (Array.isArray(word)) values[key] = word.map((item) => String(read(option, () => kind.parse(String(item)))));
    else values[key] = word === '' && !required ? null : read(option, () => kind.parse(word));
  }
  return values;
}

function fallbacks({ fields }: Thing): Values {
  return Object.fromEntries(fields.map(({ key, kind }) => [key, kind.flag ? false : kind.many ? [] : null]));
}

function numberOf({ words }: Call): number {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new UsageError('give one number');
  return read('number', () => identity(word));
}

function none({ words }: Call): void {
  if (words.length > 0) throw new UsageError(\`what is '\${words[0]}'? Values follow their options.\`);
}

function read<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Invalid) throw new UsageError(\`--\${option}: \${error.message}\`);
    throw error;
  }
}

function withStore(path: string, work: Work): string {
  try {
    const store = new Store(path);
    try {
      return work(store);
    } finally {
      store.close();
    }
  } catch (error) {
    // Of the file system or of SQLite; everything else is a bug and is seen as one.
    if (error instanceof Error && 'code' in error) {
      throw new ToolError(\`cannot use the data file \${path}: \${error.message}\`, { cause: error });
    }
    throw error;
  }
}
`;
