import { once } from 'node:events';
import { createServer, request as ask, type Server } from 'node:http';

/** The twin that attacks are tried on first: passes everything on to one application, as a proxy of ten lines does. */
export async function naiveProxy(appPort: number): Promise<Server> {
  const server = createServer((request, response) => {
    const { method, headers } = request;
    const path = (request.url ?? '/').replace(/^http:\/\/[^/]+/, '/echo');
    const outgoing = ask({ host: '127.0.0.1', port: appPort, method, headers, path }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    request.pipe(outgoing);
  });
  server.on('upgrade', (request, socket) => {
    const outgoing = ask({ host: '127.0.0.1', port: appPort, headers: request.headers, path: request.url });
    outgoing.on('upgrade', (_answer, upstream) => {
      socket.write('HTTP/1.1 101 \r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    outgoing.on('error', () => socket.destroy());
    outgoing.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
