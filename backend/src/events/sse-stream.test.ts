import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fastify from 'fastify';
import { afterAll, afterEach, expect, test } from 'vitest';
import { SseStream } from './sse-stream.ts';

const http = fastify({ forceCloseConnections: true });
let opened = Promise.withResolvers<SseStream>();
http.get('/stream', (_request, reply) => opened.resolve(new SseStream(reply, { slowReaderMs: 300 })));
await http.listen({ port: 0, host: '127.0.0.1' });
let client: Socket;
afterEach(() => client.destroy());
afterAll(() => http.close());

/** A stream and its reader, which takes nothing before it is resumed. */
async function open(): Promise<SseStream> {
  opened = Promise.withResolvers<SseStream>();
  const address = http.server.address();
  client = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  client.pause();
  client.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return opened.promise;
}

test('a reader that takes nothing is cut, and until then nothing piles up beyond what it was sent', async () => {
  const sse = await open();
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

test('what may be left out comes whole where it is written at one moment, and is left out where the reader is far behind', async () => {
  const sse = await open();
  const word = 'y'.repeat(4_000);
  for (const data of ['first', 'second', 'third']) sse.sendIfRoom({ event: 'words', data });
  for (let n = 0; n < 5_000; n += 1) sse.sendIfRoom({ event: 'words', data: word });
  let text = '';
  client.on('data', (chunk: Buffer) => (text += chunk.toString()));
  client.resume();
  await expect.poll(() => text).toContain('third');
  await sse.send([{ id: 1, event: 'run', data: 'last' }]);
  await expect.poll(() => text.includes('"last"')).toBe(true);
  expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'));
  expect(text.split(word).length - 1).toBeLessThan(4_000);
});
