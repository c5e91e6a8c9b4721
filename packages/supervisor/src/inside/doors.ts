import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { Connection } from '../protocol/connection.ts';
import type { SandboxRequest } from '../protocol/requests.ts';
import { pumpSocket } from './pump.ts';

/** A way to something on the host: each connection to this port becomes a channel. Small pieces are passed on at once. */
export function listenForHost(
  connection: Connection,
  { op, port }: { readonly op: SandboxRequest['op']; readonly port: number },
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const request: SandboxRequest = { op };
    pumpSocket(socket, connection.open(request));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
