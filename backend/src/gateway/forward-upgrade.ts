import type { IncomingMessage } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { each, responseHeaders } from './clean-headers.ts';
import { outgoingRequest, type Failure, type Passage } from './forward-request.ts';

/** Passes a WebSocket on, once the application agreed to it. Resolves with what went wrong before; else null. */
export function forwardUpgrade(
  request: IncomingMessage,
  client: { readonly socket: Duplex; readonly head: Buffer },
  passage: Passage,
): Promise<Failure | null> {
  const { socket } = client;
  const outgoing = outgoingRequest(request, passage, ['Connection', 'Upgrade', 'Upgrade', 'websocket']);
  return new Promise((resolve) => {
    const silence = setTimeout(() => {
      resolve('silent');
      outgoing.destroy();
    }, passage.patienceMs).unref();
    const stop = (): void => void outgoing.destroy();
    socket.once('close', stop);
    outgoing.once('error', () => resolve('broken'));
    outgoing.once('close', () => {
      clearTimeout(silence);
      resolve('broken');
    });
    outgoing.once('upgrade', (answer, upstream, first) => {
      clearTimeout(silence);
      socket.off('close', stop);
      resolve(null);
      socket.write(head(answer, passage, ['Connection', 'Upgrade', 'Upgrade', 'websocket']));
      if (first.length > 0) socket.write(first);
      if (client.head.length > 0) upstream.write(client.head);
      // Either end takes the other with it.
      pipeline(socket, upstream, () => undefined);
      pipeline(upstream, socket, () => undefined);
    });
    outgoing.once('response', (answer) => {
      clearTimeout(silence);
      resolve(null);
      socket.end(head(answer, passage, ['Connection', 'close', 'Content-Length', '0']));
      answer.destroy();
    });
    outgoing.end();
  });
}

function head(answer: IncomingMessage, { origins }: Passage, more: readonly string[]): Buffer {
  const lines = [`HTTP/1.1 ${answer.statusCode ?? 502} ${answer.statusCode === 101 ? 'Switching Protocols' : ''}`];
  each(responseHeaders(answer.rawHeaders, origins), (name, value) => {
    if (name.toLowerCase() !== 'content-length') lines.push(`${name}: ${value}`);
  });
  each(more, (name, value) => lines.push(`${name}: ${value}`));
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
