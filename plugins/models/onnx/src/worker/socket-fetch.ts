import { request, type IncomingMessage } from 'node:http';
import { Readable, type Duplex } from 'node:stream';

/** A fetch over one connection that is made for it, e.g. into a sandbox. */
export async function fetchOver(
  connection: Duplex,
  path: string,
  init: { readonly method?: string; readonly body?: string; readonly signal?: AbortSignal | null },
): Promise<Response> {
  const { method = 'GET', body, signal } = init;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = {
      host: 'model',
      connection: 'close',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = request({ path, method, headers, createConnection: () => connection, ...(signal ? { signal } : {}) });
    sent.once('response', resolve);
    // Stays for what comes after the answer began: an aborted request tells its end here too.
    sent.on('error', reject);
    sent.end(body);
  });
  answer.once('close', () => connection.destroy());
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) if (typeof value === 'string') headers.set(name, value);
  const text = Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Response(text, { status: answer.statusCode ?? 500, headers });
}
