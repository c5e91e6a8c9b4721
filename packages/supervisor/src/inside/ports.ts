import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Channel } from '../protocol/channel.ts';
import { egressPort } from '../protocol/requests.ts';
import { pumpSocket } from './pump.ts';

const listening = '0A';

/** Ports that something in the sandbox listens on, from the kernel's tables. */
export function listeningPorts(): number[] {
  const ports = new Set<number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readTable(table)) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      if (state === listening) ports.add(Number.parseInt(local.slice(local.indexOf(':') + 1), 16));
    }
  }
  ports.delete(egressPort);
  return [...ports].sort((a, b) => a - b);
}

function readTable(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n').slice(1);
  } catch {
    // No IPv6 in this kernel.
    return [];
  }
}

/** Joins the channel to whatever listens on this port; resets it with port_closed when nothing does. */
export async function connectPort(channel: Channel, port: number): Promise<void> {
  const socket = (await dial(port, '127.0.0.1')) ?? (await dial(port, '::1'));
  if (!socket) {
    channel.reset('port_closed', `Nothing listens on port ${port}.`);
    return;
  }
  await channel.send({ is: 'connected' });
  pumpSocket(socket, channel);
}

function dial(port: number, host: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}
