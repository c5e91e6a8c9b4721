import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { SseStream } from './sse-stream.ts';

const http = fastify({ forceCloseConnections: true });
let client: Socket;
let stream: Promise<SseStream>;
http.get('/stream', (_request, reply) => opened.resolve(new SseStream(reply, { slowReaderMs: 300 })));
const opened = Promise.withResolvers<SseStream>();
await http.listen({ port: 0, host: '127.0.0.1' });
afterEach(async () => {
  client.destroy();
  await http.close();
});

test('a reader that takes nothing is cut, and until then nothing piles up beyond what it was sent', async () => {
  const address = http.server.address();
  client = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  client.pause();
  client.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  stream = opened.promise;
  const sse = await stream;
  const closed = once(sse.closed, 'abort');
  const message = [{ id: 1, event: 'run', data: 'x'.repeat(1_000_000) }];
  let sent = 0;
  while (!sse.closed.aborted && sent < 1_000) {
    await sse.send(message);
    sent += 1;
  }
  await closed;
  expect(sent).toBeLessThan(50);
  await sse.send(message);
});
