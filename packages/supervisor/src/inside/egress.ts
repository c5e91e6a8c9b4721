import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { Connection } from '../protocol/connection.ts';
import { egressPort } from '../protocol/requests.ts';
import type { SandboxRequest } from '../protocol/requests.ts';
import { pumpSocket } from './pump.ts';

/** The sandbox's only way out: each connection to this port becomes a channel to the proxy on the host. */
export function listenForEgress(connection: Connection): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const request: SandboxRequest = { op: 'egress' };
    pumpSocket(socket, connection.open(request));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(egressPort, '127.0.0.1', () => resolve(server));
  });
}
