import { spawnSync } from 'node:child_process';
import type { CheckSpec, RunState } from '@devfactory/contracts';
import { findServices, missingServices } from '@devfactory/engine';
import { publicRegistries } from '@devfactory/kit';
import { afterAll, expect, test } from 'vitest';
import { Factory } from './factory.ts';
import { VerifyStage } from './verify-stage.ts';

const reaches = (url: string): Promise<boolean> =>
  fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );
const skip = async (command: string, registry: string): Promise<string> => {
  if (spawnSync('bwrap', ['--version']).status !== 0) return ' (skipped: bubblewrap is not installed)';
  if (spawnSync('which', [command]).status !== 0) return ` (skipped: no ${command}; apt-get install ${command})`;
  return (await reaches(registry)) ? '' : ` (skipped: ${registry} is out of reach)`;
};

type HttpCheck = Extract<CheckSpec, { kind: 'http' }>;
type Exchange = Extract<HttpCheck['exchanges'][number], { do: 'request' }>;
const asks = (name: string, words: Partial<Exchange>): Exchange => ({
  do: 'request',
  name,
  method: 'GET',
  path: '/notes',
  expect: { status: 200 },
  ...words,
});
/** What is kept in a database outlives the app. */
const keepsNotes = (shown: Exchange['expect']['json']): HttpCheck => ({
  kind: 'http',
  exchanges: [
    asks('takes a note', { method: 'POST', json: { text: 'note ${unique}' }, expect: { status: 201 } }),
    { do: 'restart' },
    asks('still has it', { expect: { status: 200, json: shown } }),
  ],
});

const nodeApp = (store: string) => ({
  'package.json': '{ "type": "module", "scripts": { "start": "node main.js" }, "dependencies": { "pg": "8.16.3" } }',
  'main.js': `import { createServer } from 'node:http';
import { add, all } from './store.js';
createServer(async (request, answer) => {
  let body = '';
  for await (const part of request) body += part;
  if (request.method === 'POST') await add(JSON.parse(body).text);
  answer.writeHead(request.method === 'POST' ? 201 : 200).end(JSON.stringify(await all()));
}).listen(process.env.PORT, process.env.HOST);
`,
  'store.js': store,
});
const inPostgres = `import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const ready = pool.query('create table if not exists notes (text text)');
export const add = async (text) => { await ready; await pool.query('insert into notes values ($1)', [text]); };
export const all = async () => { await ready; return (await pool.query('select text from notes')).rows; };
`;

const shut: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of shut) await close();
});

const noNode = await skip('bash', `https://${publicRegistries.npm}/pg`);
test.skipIf(noNode !== '')(
  `an app with PostgreSQL is written, tried and proven, with a server of its own in the workspace and in each check${noNode}`,
  { timeout: 600_000 },
  async () => {
    const factory = await Factory.start();
    shut.push(() => factory.end());
    const files = { ...nodeApp(inPostgres), 'devfactory.json': '{ "toolchain": "node", "services": ["postgresql"] }' };
    const write = (path: string, content: string) => ({ tool: 'write', input: { path, content } });
    const shell = (command: string) => ({ tool: 'shell', input: { command } });
    const knock = 'echo "$DATABASE_URL"; exec 3<>/dev/tcp/127.0.0.1/5432 && echo answers';
    const testSpec = {
      kind: 'test',
      toolchain: 'node',
      files: [
        {
          path: 'test/store.test.js',
          content:
            "import assert from 'node:assert';\nimport test from 'node:test';\nimport { add, all } from '../store.js';\ntest('begins empty, and keeps', async () => {\n  assert.deepEqual(await all(), []);\n  await add('first');\n  assert.deepEqual(await all(), [{ text: 'first' }]);\n  process.exitCode = 0;\n  setTimeout(() => process.exit(), 100).unref();\n});\n",
        },
      ],
      tests: ['test/store.test.js::begins empty, and keeps'],
    };
    const check = (spec: object) => ({ title: 'keeps notes', spec, timeoutMs: 60_000 });
    const id = await factory.create({
      prompt: 'Keep notes in PostgreSQL',
      agent: 'scripted',
      autonomy: 'auto',
      agentOptions: {
        plan: [
          {
            calls: [
              {
                tool: 'propose_requirements',
                input: {
                  summary: 'Notes.',
                  requirements: [
                    {
                      text: 'Notes outlive the app',
                      checks: [check(keepsNotes([{ text: 'note ${unique}' }])), check(testSpec)],
                    },
                  ],
                },
              },
              { tool: 'finish', input: {} },
            ],
          },
        ],
        work: [
          {
            calls: [
              shell('echo "url=$DATABASE_URL"'),
              ...Object.entries(files).map(([path, text]) => write(path, text)),
            ],
          },
          {
            calls: [
              shell(knock),
              shell('pkill -KILL postgres; while pgrep -x postgres >/dev/null; do sleep 0.05; done'),
              shell(knock),
              { tool: 'finish', input: {} },
            ],
          },
        ],
      },
    });
    const over = ({ stage }: RunState): boolean => ['failed', 'waiting', 'finished'].includes(stage.name);
    const state = await factory.until(id, over, 500_000);
    expect(state.evidence.filter(({ onBase }) => !onBase)).toMatchObject([
      { verdict: 'passed' },
      { verdict: 'passed' },
    ]);
    expect(state.stage.name).toBe('finished');
    const said = (await factory.log(id)).flatMap((event) =>
      event.type === 'tool.ended' && event.data.exitCode !== null ? [event.data.excerpt] : [],
    );
    expect(said[0]).toBe('Exit code 0.\nurl=\n');
    const open = 'Exit code 0.\npostgresql://app:app@127.0.0.1:5432/app\nanswers\n';
    expect(said.slice(1)).toEqual([open, 'Exit code 0.', open]);
  },
);

const noFlask = await skip('redis-server', `https://${publicRegistries.python}/simple/flask/`);
test.skipIf(noFlask !== '')(
  `a Flask app with PostgreSQL and Redis is proven, and one that keeps its notes in memory is not${noFlask}`,
  { timeout: 600_000 },
  async () => {
    const stage = await VerifyStage.open();
    shut.push(() => stage.close());
    const tree = {
      'requirements.txt': 'flask\npsycopg2-binary\nredis\n',
      'devfactory.json': '{ "toolchain": "python", "services": ["redis", "postgresql"] }',
      'app.py': `import os, psycopg2, redis
from flask import Flask, jsonify, request
app = Flask(__name__)
counts = redis.Redis.from_url(os.environ["REDIS_URL"])
def query(sql, *values):
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
query("create table if not exists notes (text text)")
@app.post("/notes")
def add():
    query("insert into notes values (%s)", request.json["text"])
    return jsonify(count=counts.incr("notes")), 201
@app.get("/notes")
def notes():
    return jsonify(notes=query("select text from notes"), count=int(counts.get("notes") or 0))
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
`,
    };
    const counted: CheckSpec = {
      kind: 'http',
      exchanges: [
        asks('begins with none', { expect: { status: 200, json: { notes: [], count: 0 } } }),
        ...keepsNotes({ notes: [['note ${unique}']], count: 1 }).exchanges,
      ],
    };
    const answer = await stage.ask([{ spec: counted, timeoutMs: 60_000 }], { tree, base: null });
    expect(answer.evidence).toMatchObject([{ verdict: 'passed', executions: 2 }]);
    const memory = {
      ...tree,
      'app.py': tree['app.py'].replaceAll('query("insert', 'NOTES.append(request.json["text"])  # query("insert'),
    };
    const lie = await stage.ask([{ spec: counted, timeoutMs: 60_000 }], { tree: memory, base: null });
    expect(lie.evidence).toMatchObject([{ verdict: 'failed' }]);
  },
);

test('a service that is not installed is named with the command that brings it', async () => {
  const exec = async ({ argv }: { readonly argv: readonly string[] }) => {
    const { status, stdout } = spawnSync(argv[0] ?? '', argv.slice(1), { env: { PATH: '/nowhere' }, encoding: 'utf8' });
    return { exitCode: status, signal: null, timedOut: false, stdout, stderr: '', dropped: 0, durationMs: 0 };
  };
  expect(missingServices(await findServices({ exec }, ['redis']))).toEqual([
    'This machine lacks Redis, which devfactory.json asks for ("services": ["redis"]). Install with: sudo apt-get install -y redis-server',
  ]);
});
