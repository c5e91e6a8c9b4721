import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import { requestHeaders, responseHeaders, type Origins } from './clean-headers.ts';

/** More than any application needs, and too little to hurt. */
export const maxHeaderBytes = 32 * 1024;

export interface Passage {
  readonly stream: Duplex;
  readonly origins: Origins;
  readonly platformToken: string;
  /** An application may think this long before it answers. */
  readonly patienceMs: number;
}

/** Why no answer could be passed on. */
export type Failure = 'silent' | 'broken';

/** An upstream's own request for this one, with what it may see of it; not yet sent. */
export function outgoingRequest(request: IncomingMessage, passage: Passage, more: readonly string[]) {
  return ask({
    createConnection: () => passage.stream,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: [...requestHeaders(request, passage.origins, passage.platformToken), ...more],
    setHost: false,
    maxHeaderSize: maxHeaderBytes,
  });
}

/** Passes one request on and its answer back, both as they come. Resolves with what went wrong before the answer began; else null. */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  passage: Passage,
): Promise<Failure | null> {
  const isChunked = request.headers['transfer-encoding'] !== undefined;
  const hasBody = isChunked || Number(request.headers['content-length'] ?? 0) > 0;
  const outgoing = outgoingRequest(request, passage, isChunked ? ['Transfer-Encoding', 'chunked'] : []);
  return new Promise((resolve) => {
    const silence = watchSilence(request, passage.patienceMs, () => {
      resolve('silent');
      outgoing.destroy();
    });
    const stop = (): void => void outgoing.destroy();
    response.once('close', stop);
    outgoing.once('error', () => resolve('broken'));
    outgoing.once('close', () => {
      clearInterval(silence);
      response.off('close', stop);
      resolve('broken');
    });
    outgoing.once('response', (answer) => {
      clearInterval(silence);
      resolve(null);
      response.sendDate = false;
      response.writeHead(answer.statusCode ?? 502, responseHeaders(answer.rawHeaders, passage.origins));
      // Nothing waits for the first byte of a body that comes much later than its head.
      response.flushHeaders();
      pipeline(answer, response, (error) => {
        if (error) response.destroy();
      });
    });
    if (hasBody) pipeline(request, outgoing, () => undefined);
    else outgoing.end();
  });
}

/** Calls back after this long without an answer and without more of the request's body. */
function watchSilence(request: IncomingMessage, patienceMs: number, silent: () => void): NodeJS.Timeout {
  let seen = request.socket.bytesRead;
  return setInterval(() => {
    if (request.socket.bytesRead === seen) silent();
    seen = request.socket.bytesRead;
  }, patienceMs).unref();
}
