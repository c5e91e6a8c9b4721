import type { ModelRequest } from '@devfactory/kit';
import type { NamedTool } from './server-tools.ts';

type Tool = NonNullable<ModelRequest['tools']>[number] & { type: 'function' };
/** JSON Schema, as models are told inputs. */
type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer' };
const flag: Schema = { type: 'boolean' };

function shape(properties: Record<string, Schema>, required: readonly string[]): Schema {
  return { type: 'object', properties, required: [...required], additionalProperties: false };
}

function tool(name: string, description: string, inputSchema: Schema): Tool {
  return { type: 'function', name, description, inputSchema };
}

const path: Schema = { type: 'string', description: 'relative' };

const lookAndWrite: readonly Tool[] = [
  tool('read', 'Lines of a text file, 2000 at most.', shape({ path, offset: whole, limit: whole }, ['path'])),
  tool('list', 'Entries of a folder.', shape({ path }, [])),
  tool('search', 'Lines that contain a text, with file and line number.', shape({ text, path }, ['text'])),
  tool('fetch', 'A page of official documentation as text, by https.', shape({ url: text, offset: whole }, ['url'])),
  tool(
    'shell',
    'A bash command; 120 s unless timeoutMs says more. With background it goes on and has an id.',
    shape({ command: text, timeoutMs: whole, background: flag }, ['command']),
  ),
  tool(
    'process',
    'Output of a background process, or its end.',
    shape({ id: text, do: { type: 'string', enum: ['output', 'stop'] } }, ['id', 'do']),
  ),
];

const ask = tool(
  'ask',
  'Asks the person and waits. Offer answers in options.',
  shape({ question: text, options: { type: 'array', items: text } }, ['question']),
);
const finish = tool('finish', 'Ends your turn. The verifier then decides.', shape({ summary: text }, ['summary']));

const files: Schema = { type: 'array', items: shape({ path, content: text }, ['path', 'content']) };
const texts: Schema = { type: 'array', items: text };
const anything: Schema = {};

const checkSpec: Schema = {
  description:
    'file: the file holds (not) these texts. command: argv runs in the project, its exit code and output are judged; files are laid beside it. http: the app is started as the project says (its start command, on $PORT) and is sent these requests; save takes values by JSON pointer for ${name} later, {"do":"restart"} restarts it. browser: the app is used with a browser, for what only a page shows; targets are {"role","name"} or {"css"}, what is to be seen is waited for. test: these tests of these files pass in the toolchain\'s runner; ids "tests/test_a.py::test_x" or "test/a.test.js::name".',
  anyOf: [
    shape({ kind: { const: 'file' }, path, includes: texts, excludes: texts }, ['kind', 'path']),
    shape(
      {
        kind: { const: 'command' },
        argv: texts,
        stdin: text,
        files,
        expect: shape({ exitCode: whole, stdoutIncludes: texts, stdoutExcludes: texts, stderrIncludes: texts }, [
          'exitCode',
        ]),
      },
      ['kind', 'argv', 'expect'],
    ),
    shape(
      {
        kind: { const: 'http' },
        env: { type: 'object', additionalProperties: text },
        exchanges: {
          type: 'array',
          items: shape(
            {
              do: { type: 'string', enum: ['request', 'restart'] },
              name: text,
              method: text,
              path: text,
              headers: { type: 'object', additionalProperties: text },
              json: anything,
              expect: shape({ status: whole, json: anything, bodyIncludes: texts, bodyExcludes: texts }, ['status']),
              save: { type: 'object', additionalProperties: text },
            },
            ['do'],
          ),
        },
      },
      ['kind', 'exchanges'],
    ),
    shape(
      {
        kind: { const: 'browser' },
        steps: {
          type: 'array',
          items: shape(
            {
              do: {
                type: 'string',
                enum: ['open', 'click', 'fill', 'press', 'see', 'see-not', 'screenshot', 'restart'],
              },
              path: text,
              target: shape({ role: text, name: text, css: text }, []),
              text,
              key: text,
              count: whole,
              name: text,
            },
            ['do'],
          ),
        },
      },
      ['kind', 'steps'],
    ),
    shape({ kind: { const: 'test' }, toolchain: { type: 'string', enum: ['node', 'python'] }, files, tests: texts }, [
      'kind',
      'toolchain',
      'files',
      'tests',
    ]),
  ],
};

const propose = tool(
  'propose_requirements',
  'Proposes requirements with their checks. Nothing is locked or proven by it.',
  shape(
    {
      summary: { type: 'string', description: 'the plan in a few lines' },
      requirements: {
        type: 'array',
        items: shape(
          {
            id: { type: 'string', description: 'only for one that exists' },
            text,
            priority: { type: 'string', enum: ['must', 'should', 'could'] },
            checks: {
              type: 'array',
              items: shape({ title: text, intent: { type: 'string', enum: ['change', 'keep'] }, spec: checkSpec }, [
                'title',
                'spec',
              ]),
            },
            cannot: text,
          },
          ['text', 'checks'],
        ),
      },
    },
    ['summary', 'requirements'],
  ),
);

const planTools: readonly Tool[] = [...lookAndWrite, propose, ask, finish];
const workTools: readonly Tool[] = [
  ...lookAndWrite,
  tool('write', 'Writes a whole file.', shape({ path, content: text, executable: flag }, ['path', 'content'])),
  tool(
    'edit',
    'Replaces the one place where find stands; the difference comes back.',
    shape({ path, find: text, replace: text }, ['path', 'find', 'replace']),
  ),
  ask,
  finish,
];

const skill = tool('skill', 'Reads a skill by its name.', shape({ name: text }, ['name']));

export function toolsFor(
  phase: 'plan' | 'work',
  more: { readonly skills: boolean; readonly servers: readonly NamedTool[] },
): Tool[] {
  return [
    ...(phase === 'plan' ? planTools : workTools),
    ...(more.skills ? [skill] : []),
    ...more.servers.map(({ name, server, description, schema }) => tool(name, `[${server}] ${description}`, schema)),
  ];
}
