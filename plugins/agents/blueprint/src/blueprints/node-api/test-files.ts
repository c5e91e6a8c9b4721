import type { Auth, Model, ProjectFile } from '../../model/model.ts';
import { accountName, password } from '../flask-api/test-files.ts';
import { entityTests } from './entity-tests.ts';
import { fileName } from './resource-files.ts';

/** The project's own tests: the real application on a free port and a database of its own. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'test/support.ts', content: support(model) },
    { path: 'test/health.test.ts', content: healthTests },
    { path: 'test/main.test.ts', content: mainTests(model) },
    ...(model.auth ? [{ path: 'test/auth.test.ts', content: authTests(model.auth, model) }] : []),
    ...model.entities.map((entity) => ({
      path: `test/${fileName(entity.plural)}.test.ts`,
      content: entityTests(entity, model),
    })),
  ];
}

/** Ids of the tests: the file and the test's name. */
export function testIds(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [...content.matchAll(/^test\('((?:[^'\\]|\\.)+)',/gm)].map(
      (match) => `${path}::${(match[1] ?? '').replaceAll(String.raw`\'`, "'")}`,
    ),
  );
}

const support = (model: Model): string => `import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createApp } from '../src/app.ts';
import { readConfig, type Config } from '../src/config.ts';

export type Json = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The answer's JSON; an empty object when it has no body. */
  readonly json: Json;
}

export interface Client {
  readonly config: Config;
  readonly url: string;
  /** Sent with every request. */
  readonly headers: Record<string, string>;
  send(method: string, path: string, body?: unknown): Promise<Reply>;
}

/** The real application on a free port; it goes away with the test. */
export async function startApp(t: TestContext, settings: Partial<Config> = {}): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  const config: Config = { ...readConfig({}), databasePath: join(folder, 'test.db'), ...settings };
  const app = createApp(config);
  app.server.listen(0, '127.0.0.1');
  await once(app.server, 'listening');
  const { port } = app.server.address() as AddressInfo;
  t.after(async () => {
    app.server.closeAllConnections();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return clientOf(\`http://127.0.0.1:\${port}\`, config);
}

function clientOf(url: string, config: Config): Client {
  const headers: Record<string, string> = {};
  return {
    config,
    url,
    headers,
    async send(method, path, body) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const init: RequestInit = body === undefined ? { method, headers } : { method, headers, body: text };
      const response = await fetch(url + path, init);
      const answer = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        json: answer === '' ? {} : (JSON.parse(answer) as Json),
      };
    },
  };
}

/** What the answer says is wrong, by field. */
export function wrongFields({ json }: Reply): Json {
  return ((json['error'] as Json)['fields'] ?? {}) as Json;
}

export function errorCode({ json }: Reply): unknown {
  return (json['error'] as Json)['code'];
}
${
  model.auth
    ? `
export const credentials = { ${model.auth.login}: '${accountName(model.auth)}', password: '${password}' };

/** Registers, logs in, and sends the token from now on. */
export async function logIn(client: Client): Promise<void> {
  await client.send('POST', '${model.auth.path}/register', credentials);
  const { json } = await client.send('POST', '${model.auth.path}/login', credentials);
  client.headers['Authorization'] = \`Bearer \${String(json['access_token'])}\`;
}
`
    : ''
}`;

const healthTests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode, startApp } from './support.ts';

test('GET /health answers ok', async (t) => {
  const client = await startApp(t);
  const answer = await client.send('GET', '/health');
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { status: 'ok' });
});

test('an unknown route is answered as JSON', async (t) => {
  const client = await startApp(t);
  const answer = await client.send('GET', '/no-such-route');
  assert.equal(answer.status, 404);
  assert.equal(errorCode(answer), 'not_found');
});

test('a wrong method is answered as JSON and names the right ones', async (t) => {
  const client = await startApp(t);
  const answer = await client.send('DELETE', '/health');
  assert.equal(answer.status, 405);
  assert.equal(errorCode(answer), 'method_not_allowed');
  assert.equal(answer.headers.get('Allow'), 'GET');
});

test('a path that is not encoded well is refused', async (t) => {
  const client = await startApp(t);
  assert.equal((await client.send('GET', '/%E0%A4%A')).status, 400);
});
`;

const mainTests = (model: Model): string => `import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';

test('the service starts, and ends by itself when it is told to stop', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', DATABASE: join(folder, 'test.db') };
  const child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  assert.match(line.toString(), /listening on http:/);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0);
});

test('settings come from the environment', () => {
  assert.equal(readConfig({}).port, ${model.port});
  assert.equal(readConfig({ PORT: '4321' }).port, 4321);
  assert.equal(readConfig({ DATABASE: 'elsewhere.db' }).databasePath, 'elsewhere.db');
});

test('a setting that makes no sense is refused', () => {
  assert.throws(() => readConfig({ PORT: 'many' }), /PORT must be a whole number/);
});
${
  model.auth
    ? `
test('production needs a secret', () => {
  assert.throws(() => readConfig({ NODE_ENV: 'production' }), /JWT_SECRET/);
  assert.equal(readConfig({ NODE_ENV: 'production', JWT_SECRET: 's'.repeat(32) }).jwtSecret.length, 32);
});
`
    : ''
}`;

const authTests = (auth: Auth, model: Model): string => `import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { credentials, logIn, startApp, wrongFields } from './support.ts';

test('registering creates an account and hides the password', async (t) => {
  const client = await startApp(t);
  const answer = await client.send('POST', '${auth.path}/register', credentials);
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.json, { id: 1, ${auth.login}: credentials.${auth.login} });
});

test('a password is stored as a salted hash', async (t) => {
  const client = await startApp(t);
  await client.send('POST', '${auth.path}/register', credentials);
  const database = new DatabaseSync(client.config.databasePath, { readOnly: true });
  const row = database.prepare('SELECT "password_hash" AS hash FROM "auth_accounts"').get();
  database.close();
  assert.match(String(row?.['hash']), /^scrypt:[0-9a-f]{32}:[0-9a-f]{128}$/);
});

test('registering refuses a second account of the same name', async (t) => {
  const client = await startApp(t);
  await client.send('POST', '${auth.path}/register', credentials);
  assert.equal((await client.send('POST', '${auth.path}/register', credentials)).status, 409);
});

test('registering refuses a short password', async (t) => {
  const client = await startApp(t);
  const answer = await client.send('POST', '${auth.path}/register', { ...credentials, password: 'short' });
  assert.equal(answer.status, ${model.invalidStatus});
  assert.deepEqual(Object.keys(wrongFields(answer)), ['password']);
});

test('a login gives a token that is accepted', async (t) => {
  const client = await startApp(t);
  await logIn(client);
  const answer = await client.send('GET', '${auth.path}/me');
  assert.equal(answer.status, 200);
  assert.equal(answer.json['${auth.login}'], credentials.${auth.login});
});

test('a login refuses a wrong password and an unknown account', async (t) => {
  const client = await startApp(t);
  await client.send('POST', '${auth.path}/register', credentials);
  const wrong = await client.send('POST', '${auth.path}/login', { ...credentials, password: 'wrong' });
  assert.equal(wrong.status, 401);
  assert.equal(wrong.headers.get('WWW-Authenticate'), 'Bearer');
  const unknown = await client.send('POST', '${auth.path}/login', { ...credentials, ${auth.login}: 'nobody' });
  assert.equal(unknown.status, 401);
});

test('a request without a valid token is refused', async (t) => {
  const client = await startApp(t);
  await logIn(client);
  const token = client.headers['Authorization'] ?? '';
  const [, claims = ''] = token.split('.');
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  for (const value of ['', 'Bearer', 'Bearer nonsense', 'Basic YTpi', \`\${token}x\`, \`Bearer \${unsigned}.\${claims}.\`]) {
    client.headers['Authorization'] = value;
    assert.equal((await client.send('GET', '${auth.path}/me')).status, 401, value);
  }
});

test('a token of another secret is refused', async (t) => {
  const client = await startApp(t);
  await logIn(client);
  const other = await startApp(t, { ...client.config, jwtSecret: 'another secret' });
  Object.assign(other.headers, client.headers);
  assert.equal((await other.send('GET', '${auth.path}/me')).status, 401);
});

test('an expired token is refused', async (t) => {
  const client = await startApp(t, { jwtSeconds: 0 });
  await logIn(client);
  assert.equal((await client.send('GET', '${auth.path}/me')).status, 401);
});
`;
