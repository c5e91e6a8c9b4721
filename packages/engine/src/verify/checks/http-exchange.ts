import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Milliseconds until the whole answer has come. */
  readonly timeoutMs: number;
}

export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'no-answer'; readonly why: string; readonly timedOut: boolean };

const answerBytes = 4 * 1024 * 1024;
const headerBytes = 64 * 1024;

/**
 * One request over one connection, which is used up by it. The answer comes from code under check: its bytes, headers and time are
 * bounded, and whatever is wrong with it is a value. Redirects are not followed.
 */
export async function exchange(connection: Duplex, request: HttpRequest): Promise<HttpAnswer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), Math.max(1, request.timeoutMs));
  try {
    const response = await send(connection, request, stop.signal);
    const body = await readBody(response);
    return { kind: 'answer', status: response.statusCode ?? 0, headers: headersOf(response), body };
  } catch (error) {
    const timedOut = stop.signal.aborted;
    const why = timedOut ? 'no whole answer came in time' : error instanceof Error ? error.message : String(error);
    return { kind: 'no-answer', why, timedOut };
  } finally {
    clearTimeout(timer);
    connection.destroy();
  }
}

function send(connection: Duplex, request: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        method: request.method,
        path: request.path,
        headers: {
          ...request.headers,
          ...(request.body === null ? {} : { 'content-length': Buffer.byteLength(request.body) }),
        },
        createConnection: () => connection,
        maxHeaderSize: headerBytes,
        setDefaultHeaders: true,
        signal,
      },
      (response) => {
        signal.addEventListener('abort', () => response.destroy(new Error('timed out')), { once: true });
        resolve(response);
      },
    );
    outgoing.on('error', reject);
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('the app changed to another protocol'));
    });
    outgoing.end(request.body ?? undefined);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > answerBytes) throw new Error(`the answer is larger than ${answerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Names in lower case; a repeated header's values joined by ', '. */
function headersOf(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
