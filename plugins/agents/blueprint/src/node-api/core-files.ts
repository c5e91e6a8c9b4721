import type { Model, ProjectFile } from '../model/model.ts';
import { resourceFunction } from './resource-files.ts';

/** The parts that every Node project has, whatever it keeps: start, configuration, HTTP. */
export function coreFiles(model: Model): ProjectFile[] {
  return [
    { path: 'src/main.ts', content: main },
    { path: 'src/app.ts', content: app(model) },
    { path: 'src/config.ts', content: config(model) },
    { path: 'src/health.ts', content: health },
    { path: 'src/http/errors.ts', content: errors(model) },
    { path: 'src/http/router.ts', content: router(model) },
    { path: 'src/http/body.ts', content: body },
    { path: 'src/http/server.ts', content: server },
  ];
}

const main = `import { createApp } from './app.ts';
import { readConfig } from './config.ts';

const config = readConfig(process.env);
const app = createApp(config);

app.server.listen(config.port, config.host, () => {
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : config.port;
  console.log(\`listening on http://\${config.host}:\${port}\`);
});

// Requests that are being served are finished; then nothing keeps the process alive.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close());
}
`;

function app(model: Model): string {
  const things = model.entities.map((entity) => entity.plural).toSorted();
  const imports = [
    ...(model.auth
      ? [
          "import { Accounts } from './auth/accounts.ts';",
          ...(things.length > 0 ? ["import { guard } from './auth/guard.ts';"] : []),
          "import { authRoutes } from './auth/routes.ts';",
          "import { Tokens } from './auth/tokens.ts';",
        ]
      : []),
    "import type { Config } from './config.ts';",
    "import { healthRoutes } from './health.ts';",
    "import { Router } from './http/router.ts';",
    "import { serve } from './http/server.ts';",
    ...things.map(
      (plural) => `import { ${resourceFunction(plural)} } from './resources/${plural.replaceAll('_', '-')}.ts';`,
    ),
    "import { openDatabase } from './storage/database.ts';",
  ];
  const guarded = things.map((plural) => `...${resourceFunction(plural)}(database)`);
  const resources =
    guarded.length === 0
      ? ''
      : model.auth
        ? `    ...guard(tokens, [${guarded.length === 1 ? guarded[0] : `\n${guarded.map((item) => `      ${item},\n`).join('')}    `}]),\n`
        : guarded.map((item) => `    ${item},\n`).join('');
  return `import { once } from 'node:events';
import type { Server } from 'node:http';
${imports.join('\n')}

export interface App {
  readonly server: Server;
  /** Finishes what is being served, then closes the database. */
  close(): Promise<void>;
}

/** Builds an application of its own; tests call this with their configuration. */
export function createApp(config: Config): App {
  const database = openDatabase(config.databasePath);
${model.auth ? '  const accounts = new Accounts(database);\n  const tokens = new Tokens(accounts, config);\n' : ''}  const router = new Router([
    ...healthRoutes(database),
${model.auth ? '    ...authRoutes(accounts, tokens),\n' : ''}${resources}  ]);
  const server = serve(router);

  return {
    server,
    async close() {
      if (server.listening) {
        server.close();
        server.closeIdleConnections();
        await once(server, 'close');
      }
      if (database.isOpen) database.close();
    },
  };
}
`;
}

function config(model: Model): string {
  const { auth } = model;
  const fields = auth ? '  readonly jwtSecret: string;\n  readonly jwtSeconds: number;\n' : '';
  const values = auth
    ? `    jwtSecret: readSecret(env),\n    jwtSeconds: readWhole(env, 'JWT_SECONDS', ${auth.tokenSeconds}),\n`
    : '';
  const secret = auth
    ? `
const shortestSecret = 32;

function readSecret(env: NodeJS.ProcessEnv): string {
  const secret = env['JWT_SECRET'] ?? '';
  if (env['NODE_ENV'] === 'production' && secret.length < shortestSecret) {
    throw new Error(\`Set JWT_SECRET to at least \${shortestSecret} characters in production.\`);
  }
  // Without a secret each instance makes up its own: tokens then end with the process.
  return secret || randomBytes(32).toString('hex');
}
`
    : '';
  return `${auth ? "import { randomBytes } from 'node:crypto';\n\n" : ''}/** Settings of one application. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databasePath: string;
${fields}}

/** Reads the settings once at the start; throws when one makes no sense. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    host: env['HOST'] ?? '127.0.0.1',
    port: readWhole(env, 'PORT', ${model.port}),
    databasePath: env['DATABASE'] ?? 'data/app.db',
${values}  };
}

function readWhole(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name] ?? String(fallback);
  if (!/^\\d{1,9}$/.test(text)) throw new Error(\`\${name} must be a whole number, not '\${text}'.\`);
  return Number(text);
}
${secret}`;
}

const health = `import type { DatabaseSync } from 'node:sqlite';
import type { Route } from './http/router.ts';

/** Tells load balancers and monitors that the service answers. */
export function healthRoutes(database: DatabaseSync): Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      handle: () => {
        database.prepare('SELECT 1').get();
        return { status: 200, body: { status: 'ok' } };
      },
    },
  ];
}
`;

const errors = (model: Model): string => `export interface ErrorDetails {
  /** What is wrong, by field. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that the client can do something about. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(status: number, code: string, options: { readonly message: string } & ErrorDetails) {
    super(options.message);
    this.status = status;
    this.code = code;
    this.details = options;
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'bad_request', { message });
}

export function invalidInput(fields: Readonly<Record<string, string>>): ApiError {
  return new ApiError(${model.invalidStatus}, 'invalid_input', { message: 'The input is not valid.', fields });
}

export function notFound(message: string): ApiError {
  return new ApiError(404, 'not_found', { message });
}
${
  model.auth
    ? `
export function unauthorized(message: string): ApiError {
  return new ApiError(401, 'unauthorized', { message, headers: { 'WWW-Authenticate': 'Bearer' } });
}
`
    : ''
}${
  model.auth || model.entities.some((entity) => entity.fields.some((field) => field.unique))
    ? `
export function conflict(message: string, fields: Readonly<Record<string, string>> = {}): ApiError {
  return new ApiError(409, 'conflict', { message, fields });
}
`
    : ''
}`;

const router = (model: Model): string => `import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest, notFound } from './errors.ts';

export interface ApiRequest {
  readonly message: IncomingMessage;
  readonly query: URLSearchParams;
  /** What stands in the path for ':id' and the like. */
  readonly params: Readonly<Record<string, string>>;
${model.auth ? '  /** Who is asking; set on guarded routes. */\n  readonly account?: Account;\n' : ''}}
${model.auth ? `\nexport interface Account {\n  readonly id: number;\n  readonly ${model.auth.login}: string;\n}\n` : ''}
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** '/books/:id': a segment with a colon takes any text. */
  readonly path: string;
  readonly handle: (request: ApiRequest) => Answer | Promise<Answer>;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route that a method and a path ask for. */
export class Router {
  readonly #routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
  }

  /** Throws a 404 for an unknown path and a 405 for a method that the path does not have. */
  find(method: string, path: string): Match {
    const segments = path.split('/').map(decode);
    const found = this.#routes.flatMap((route) => {
      const params = matchPath(route.path.split('/'), segments);
      return params ? [{ route, params }] : [];
    });
    if (found.length === 0) throw notFound(\`There is no \${path}.\`);
    const match = found.find(({ route }) => route.method === method || (method === 'HEAD' && route.method === 'GET'));
    if (match) return match;
    const allowed = found.map(({ route }) => route.method).join(', ');
    throw new ApiError(405, 'method_not_allowed', {
      message: \`\${path} takes \${allowed}.\`,
      headers: { Allow: allowed },
    });
  }
}

function matchPath(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('The path is not encoded well.');
  }
}
`;

const body = `import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const largestBody = 1024 * 1024;

/** The request's body, which must be a JSON object. */
export async function readObject(message: IncomingMessage): Promise<JsonObject> {
  const value = parse(await readText(message));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('The body must be a JSON object.');
  }
  return value as JsonObject;
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      throw new ApiError(413, 'too_large', { message: \`The body may have \${largestBody} bytes.\` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The body is not valid JSON.');
  }
}
`;

const server = `import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError } from './errors.ts';
import type { Answer, Router } from './router.ts';

/** A server that answers with what the router finds, and with JSON whatever happens. */
export function serve(router: Router): Server {
  return createServer((message, response) => {
    void answer(router, message).then((result) => send(response, result));
  });
}

async function answer(router: Router, message: IncomingMessage): Promise<Answer> {
  try {
    const url = new URL(\`http://localhost\${message.url ?? '/'}\`);
    const { route, params } = router.find(message.method ?? 'GET', url.pathname);
    return await route.handle({ message, params, query: url.searchParams });
  } catch (error) {
    return answerTo(error);
  }
}

function answerTo(error: unknown): Answer {
  if (error instanceof ApiError) {
    const { fields = {}, headers = {} } = error.details;
    const named = Object.keys(fields).length > 0 ? { fields } : {};
    return { status: error.status, body: { error: { code: error.code, message: error.message, ...named } }, headers };
  }
  // What went wrong inside is for the log, not for the client.
  console.error(error);
  return { status: 500, body: { error: { code: 'internal_error', message: 'Something went wrong.' } } };
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length, ...headers }).end(text);
}
`;
