import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';

/** An application that does what no good one does, and echoes what it was sent. */
export async function hostileApp(): Promise<Server> {
  const server = createServer((request, response) => {
    const act = acts[new URL(request.url ?? '/', 'http://x').pathname];
    if (request.url === '/mirror') request.pipe(response);
    else if (act) void act(response);
    else response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
  server.on('upgrade', (_request, socket: Socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSet-Cookie: a=1; Domain=localhost\r\n\r\n',
    );
    socket.on('data', (bytes) => socket.write(`echo ${String(bytes)}`));
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const raw = (response: ServerResponse, text: string): void => void response.socket?.end(text);

const acts: Readonly<Record<string, (response: ServerResponse) => void | Promise<void>>> = {
  '/silent': () => undefined,
  '/hang-up': (response) => void response.socket?.destroy(),
  '/garbage': (response) => raw(response, 'SSH-2.0-OpenSSH_9\r\n'),
  '/endless-headers': async ({ socket }) => {
    socket?.write('HTTP/1.1 200 OK\r\n');
    while (socket && !socket.destroyed) {
      socket.write(`x-more: ${'x'.repeat(1000)}\r\n`);
      await later(1);
    }
  },
  '/half': (response) => raw(response, 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf'),
  '/slow-body': async (response) => {
    response.flushHeaders();
    await later(1_000);
    response.end('late');
  },
  '/forever': (response) => void response.write('begun'),
  '/tossing': (response) =>
    void response
      .writeHead(200, {
        'set-cookie': [
          'session=evil; Domain=localhost; Path=/',
          'session=evil;domain=.LOCALHOST',
          'devfactory_1a2b=evil; Path=/',
          '__Host-devfactory-pass=evil; Secure; Path=/',
          'fine=1; Path=/',
        ],
      })
      .end(),
  '/reaching': (response) =>
    void response
      .writeHead(200, {
        'clear-site-data': '"cookies", "storage"',
        'strict-transport-security': 'max-age=1; includeSubDomains',
        'alt-svc': 'h2="evil:443"',
        nel: '{}',
        'content-security-policy': "script-src 'self'; frame-ancestors *",
      })
      .end(),
};
