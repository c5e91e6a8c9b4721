import type { Model, ProjectFile } from '../../model/model.ts';

/** A small router on Node's own HTTP server: routes, bodies, and errors that are always JSON. */
export function httpFiles(model: Model): ProjectFile[] {
  return [
    { path: 'src/http/errors.ts', content: errors(model) },
    { path: 'src/http/router.ts', content: router(model) },
    { path: 'src/http/body.ts', content: body },
    { path: 'src/http/server.ts', content: server },
  ];
}

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
