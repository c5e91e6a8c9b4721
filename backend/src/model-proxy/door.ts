import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError, type ModelDoor, type ProxiedModel } from '@devfactory/kit';
import { answer } from './answer.ts';
import { refusalOf } from './refusal-of.ts';
import { routeOf } from './routes.ts';

const mostBodyBytes = 32 * 1024 * 1024;

/** The model of one run, behind one sandbox. It listens nowhere: connections are handed to it. */
export class Door implements ModelDoor {
  readonly token = `devfactory-${randomBytes(24).toString('base64url')}`;
  readonly #model: ProxiedModel;
  readonly #server: Server;
  readonly #connections = new Set<Duplex>();
  #asked = 0;

  constructor(model: ProxiedModel) {
    this.#model = model;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response).catch(() => response.destroy());
    });
  }

  accept(connection: Duplex): void {
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    this.#server.emit('connection', connection);
  }

  close(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://model');
    const route = routeOf(request.method ?? 'GET', url.pathname);
    const { dialect } = route;
    try {
      if (!this.#holdsToken(request, url)) {
        return sendJson(
          response,
          401,
          dialect.refusal({ status: 401, code: 'token_refused', message: 'This is not the token of this run.' }),
        );
      }
      if (route.do === 'list') return sendJson(response, 200, this.#list(route.google));
      if (route.do === 'nothing') {
        const message = `There is no ${request.method} ${url.pathname}; there is chat/completions, responses, messages, models/…:generateContent.`;
        return sendJson(response, 404, dialect.refusal({ status: 404, code: 'no_such_path', message }));
      }
      const body = await jsonOf(request);
      if (route.do === 'count')
        return sendJson(response, 200, { [route.field]: this.#model.estimate(dialect.read(body).request) });
      const id = `${++this.#asked}`;
      await answer({ model: this.#model, dialect, id, body, named: route.model, request, response });
    } catch (error) {
      const refusal = refusalOf(error);
      if (!response.headersSent) sendJson(response, refusal.status, dialect.refusal(refusal));
      else response.destroy();
    }
  }

  #holdsToken({ headers }: IncomingMessage, url: URL): boolean {
    const bearer = headers.authorization?.replace(/^Bearer /i, '');
    const sent = [
      bearer,
      headers['x-api-key'],
      headers['api-key'],
      headers['x-goog-api-key'],
      url.searchParams.get('key'),
    ];
    return sent.some((key) => typeof key === 'string' && timingSafeEqual(hash(key), hash(this.token)));
  }

  #list(google: boolean): object {
    const { ref } = this.#model.card();
    if (google) {
      const supportedGenerationMethods = ['generateContent', 'countTokens'];
      return { models: [{ name: `models/${ref}`, displayName: ref, supportedGenerationMethods }] };
    }
    return {
      object: 'list',
      data: [{ id: ref, object: 'model', type: 'model', display_name: ref, owned_by: 'devfactory' }],
    };
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBodyBytes)
      throw new DomainError('body_too_large', 'too-large', {
        message: `A request holds at most ${mostBodyBytes} bytes.`,
      });
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  } catch {
    throw new DomainError('invalid_request', 'invalid', { message: 'The body is not JSON.' });
  }
}
