import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { exchange, type HttpRequest } from './http-exchange.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function ask(port: number, request: Partial<HttpRequest> = {}) {
  const connection = connect(port, '127.0.0.1');
  return exchange(connection, {
    method: 'GET',
    path: '/',
    headers: { host: 'app' },
    body: null,
    timeoutMs: 2000,
    ...request,
  });
}

/** Answers every connection with these bytes, whatever is asked. */
const saying = (...parts: string[]): Promise<number> =>
  listening(
    createServer((socket) => {
      socket.once('data', () => {
        for (const part of parts) socket.write(part);
      });
    }),
  );

describe('one request to code under check', () => {
  test('sends what it is told and gives status, headers and body', async () => {
    const port = await listening(
      createHttpServer((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (text: string) => (body += text));
        request.on('end', () => {
          response.writeHead(201, { 'X-Two': ['a', 'b'] });
          response.end(
            JSON.stringify({ method: request.method, url: request.url, auth: request.headers.authorization, body }),
          );
        });
      }),
    );
    const answer = await ask(port, {
      method: 'POST',
      path: '/x?y=1',
      headers: { host: 'app', authorization: 'Bearer z' },
      body: '{"ü":1}',
    });
    expect(answer).toMatchObject({ kind: 'answer', status: 201, headers: { 'x-two': 'a, b' } });
    const body: unknown = JSON.parse('body' in answer ? answer.body : 'null');
    expect(body).toEqual({ method: 'POST', url: '/x?y=1', auth: 'Bearer z', body: '{"ü":1}' });
  });
  test('does not follow a redirect', async () => {
    const port = await saying('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n');
    expect(await ask(port)).toMatchObject({ kind: 'answer', status: 302 });
  });
  test('stops waiting for an app that says nothing', async () => {
    const port = await saying('');
    expect(await ask(port, { timeoutMs: 200 })).toMatchObject({ kind: 'no-answer', timedOut: true });
  });
  test('stops waiting for a body that never ends', async () => {
    const port = await saying('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc');
    expect(await ask(port, { timeoutMs: 300 })).toMatchObject({ kind: 'no-answer', timedOut: true });
  });
  test('takes a body that is cut off as no answer', async () => {
    const port = await listening(
      createServer((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')),
      ),
    );
    expect(await ask(port)).toMatchObject({ kind: 'no-answer', timedOut: false });
  });
  test('takes what is no HTTP as no answer', async () => {
    const port = await saying('SSH-2.0-OpenSSH\r\n\r\n');
    expect(await ask(port)).toMatchObject({ kind: 'no-answer', timedOut: false });
  });
  test('refuses more header than is reasonable', async () => {
    const port = await saying(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(200_000)}\r\n\r\n`);
    expect(await ask(port)).toMatchObject({ kind: 'no-answer' });
  });
  test('refuses more body than is reasonable', async () => {
    const port = await saying(`HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n${'a'.repeat(9_000_000)}`);
    expect(await ask(port)).toMatchObject({
      kind: 'no-answer',
      timedOut: false,
      why: expect.stringContaining('larger') as string,
    });
  });
  test('cannot be led to another protocol', async () => {
    const port = await saying('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    expect(await ask(port)).toMatchObject({ kind: 'no-answer' });
  });
  test('says so when a request cannot be sent at all', async () => {
    const port = await saying('HTTP/1.1 200 OK\r\n\r\n');
    expect(await ask(port, { headers: { host: 'app', authorization: 'a\nb' } })).toMatchObject({
      kind: 'no-answer',
      timedOut: false,
    });
    expect(await ask(port, { path: '/a b' })).toMatchObject({ kind: 'no-answer', timedOut: false });
  });
});
