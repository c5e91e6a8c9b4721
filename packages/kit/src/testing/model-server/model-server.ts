import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelTurn } from './turn.ts';
import { anthropicParts } from './wire-anthropic.ts';
import { chatParts } from './wire-chat.ts';
import { googleParts, googleWhole } from './wire-google.ts';
import { responsesParts } from './wire-responses.ts';

/** A request as it came. */
export interface ModelServerRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly model: string;
  /** Ordinal among requests for an answer, from 1. */
  readonly n: number;
}

export type ModelScript = (request: ModelServerRequest) => ModelTurn | Promise<ModelTurn>;

const dripMs = 20;

/**
 * A model on loopback that says what a script says, in the wire format of the path it is asked on: Chat Completions, Responses (both also
 * on Azure's paths), Anthropic's Messages, Google's generateContent. It can fail in every way that lines and providers do.
 */
export class ModelServer {
  readonly requests: ModelServerRequest[] = [];
  /** Requests whose connection the other side ended before the answer did. */
  aborted = 0;
  /** A key that requests must carry; null: any. */
  key: string | null = null;
  models: readonly { readonly id: string; readonly max_model_len?: number }[] = [{ id: 'scripted' }];
  script: ModelScript;
  readonly #server: Server;

  private constructor(script: ModelScript) {
    this.script = script;
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  static async start(script: ModelScript = () => ({ text: 'ok' })): Promise<ModelServer> {
    const made = new ModelServer(script);
    await new Promise<void>((resolve) => made.#server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Without a path: add /v1 where a format wants it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (!this.#isAllowed(request)) {
      const message = 'Incorrect API key provided.';
      return sendJson(response, 401, { error: { message, type: 'invalid_request_error', code: 'invalid_api_key' } });
    }
    if (request.method === 'GET') return sendJson(response, 200, this.#list(path));
    const body = await bodyOf(request);
    const parsed = JSON.parse(body) as { model?: string };
    const inPath = /\/(?:models|deployments)\/([^/:]+)/.exec(path)?.[1];
    const model = parsed.model ?? (inPath === undefined ? '' : decodeURIComponent(inPath));
    const known = { path, headers: request.headers, body, model, n: this.requests.length + 1 };
    this.requests.push(known);
    response.once('close', () => {
      if (!response.writableEnded) this.aborted += 1;
    });
    const turn = await this.script(known);
    if (path.includes(':generateContent') && !turn.fault) return sendJson(response, 200, googleWhole(turn));
    await send(response, turn, partsFor(path, known));
  }

  #isAllowed({ headers, url }: IncomingMessage): boolean {
    if (this.key === null) return true;
    const sent = [headers['x-api-key'], headers['api-key'], headers['x-goog-api-key'], headers.authorization];
    return (
      !(url ?? '').includes(this.key) && sent.some((value) => value === this.key || value === `Bearer ${this.key}`)
    );
  }

  #list(path: string): object {
    if (path.includes('pageSize'))
      return { models: this.models.map(({ id }) => ({ name: `models/${id}`, inputTokenLimit: 1000 })) };
    return { object: 'list', data: this.models };
  }
}

function partsFor(path: string, known: ModelServerRequest): (turn: ModelTurn) => string[] {
  const { pathname } = new URL(path, 'http://model');
  if (pathname.endsWith('/chat/completions')) return (turn) => chatParts(turn, known);
  if (pathname.endsWith('/responses')) return (turn) => responsesParts(turn, known);
  if (pathname.endsWith('/messages')) return (turn) => anthropicParts(turn, known);
  if (/:(?:streamG|g)enerateContent$/.test(pathname)) return googleParts;
  throw new Error(`no wire format has the path ${pathname}`);
}

async function send(response: ServerResponse, turn: ModelTurn, render: (turn: ModelTurn) => string[]): Promise<void> {
  const { fault } = turn;
  if (fault?.kind === 'refuse-connection') return void response.socket?.resetAndDestroy();
  if (fault?.kind === 'status') {
    response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
    return void response.end(fault.body ?? JSON.stringify({ error: { message: `scripted ${fault.status}` } }));
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (fault?.kind === 'garbage') return void response.end('\u0000\u0001<html>not what you asked for</html>\n\n');
  if (fault?.kind === 'error-part')
    return void response.end(
      `data: ${JSON.stringify({ type: 'error', error: { type: 'api_error', code: null, message: fault.message } })}\n\n`,
    );
  const parts = render(turn);
  const stop = fault ? Math.min(parts.length - 1, Math.floor(fault.at * parts.length)) : parts.length;
  for (const part of parts.slice(0, stop)) {
    if (response.destroyed) return;
    await new Promise<void>((resolve) => void response.write(part, () => resolve()));
  }
  switch (fault?.kind) {
    case undefined:
    case 'end':
      return void response.end();
    case 'cut':
      return void response.socket?.resetAndDestroy();
    case 'broken-line':
      response.write(`${(parts[stop] ?? '').trimEnd().slice(0, -8)}\n\n`);
      return void response.end(parts.slice(stop + 1).join(''));
    case 'hang':
      return;
    case 'drip': {
      const timer = setInterval(() => response.write(': still here\n\n'), dripMs);
      response.once('close', () => clearInterval(timer));
      return;
    }
    case 'trickle': {
      const line = (parts[stop] ?? '').trimEnd();
      let sent = 0;
      const timer = setInterval(() => response.write(line[sent++] ?? ' '), dripMs);
      response.once('close', () => clearInterval(timer));
    }
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
