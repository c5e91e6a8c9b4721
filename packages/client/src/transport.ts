import type { z } from 'zod';
import { ApiError, errorOf, unexpectedAnswer, unreachable } from './api-error.ts';
import { pause } from './pause.ts';

export interface ClientOptions {
  /** Origin of the server without a slash at its end; '' in a browser that got its page from there. */
  readonly baseUrl: string;
  /** Bearer token; a browser leaves it out and sends its cookie. */
  readonly token?: string;
  readonly fetch?: typeof fetch;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A list stands for the same name several times. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly json?: unknown;
  readonly body?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** One place where requests are made, refusals become ApiError and answers are parsed. */
export class Transport {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  url(path: string, query: Call['query'] = {}): string {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((item) => [name, String(item)]),
    );
    return this.#options.baseUrl + path + (pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : '');
  }

  /**
   * The raw response, which is a success. Throws ApiError otherwise, and the signal's reason when it was aborted. Reading is
   * asked once more when the refusal says after how long; what changes something never is.
   */
  async send(path: string, call: Call = {}): Promise<Response> {
    try {
      return await this.#ask(path, call);
    } catch (error) {
      const wait = error instanceof ApiError ? error.problem.retryAfter : undefined;
      if (wait === undefined || (call.method ?? 'GET') !== 'GET' || isStream(call)) throw error;
      await pause(wait * 1000, call.signal);
      call.signal?.throwIfAborted();
      return this.#ask(path, call);
    }
  }

  async #ask(path: string, call: Call): Promise<Response> {
    const { token, fetch = globalThis.fetch, baseUrl } = this.#options;
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json', ...call.headers };
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (call.json !== undefined) headers['content-type'] = 'application/json';
    const body = call.json === undefined ? call.body : JSON.stringify(call.json);
    const request = {
      method: call.method ?? 'GET',
      headers,
      ...(body === undefined ? {} : { body }),
      ...(call.signal ? { signal: call.signal } : {}),
    };
    let response: Response;
    try {
      response = await fetch(this.url(path, call.query), request);
    } catch (error) {
      call.signal?.throwIfAborted();
      throw unreachable(baseUrl, error);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  /** The answer's JSON as `schema` reads it. */
  async json<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
    const parsed = schema.safeParse(await this.trusted(path, call));
    if (!parsed.success) throw unexpectedAnswer(path, parsed.error);
    return parsed.data;
  }

  /** The answer's JSON, unparsed: for shapes that only the server's own fold makes. */
  async trusted(path: string, call: Call = {}): Promise<unknown> {
    const response = await this.send(path, call);
    try {
      return await response.json();
    } catch (error) {
      call.signal?.throwIfAborted();
      throw unexpectedAnswer(path, error);
    }
  }
}

/** Who follows a stream has pauses of its own. */
function isStream({ headers }: Call): boolean {
  return headers?.['accept'] === 'text/event-stream';
}
