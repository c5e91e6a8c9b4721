import { connect } from 'node:net';
import type { NetConnectOpts, Socket } from 'node:net';
import type { Channel } from '../protocol/channel.ts';
import type { ConnectTarget } from '../protocol/requests.ts';
import { pumpSocket } from './pump.ts';

/** A listener whose queue is full lets a connection hang instead of refusing it. */
const dialMs = 10_000;

/** Joins the channel to whatever listens there; resets it with port_closed when nothing does. */
export async function connectTo(channel: Channel, to: ConnectTarget): Promise<void> {
  const places: NetConnectOpts[] =
    typeof to === 'number'
      ? [
          { port: to, host: '127.0.0.1' },
          { port: to, host: '::1' },
        ]
      : [{ path: to.socket }];
  for (const place of places) {
    const socket = await dial(place);
    if (!socket) continue;
    if (channel.failure) return void socket.destroy();
    await channel.send({ is: 'connected' });
    return pumpSocket(socket, channel);
  }
  const name = typeof to === 'number' ? `port ${to}` : to.socket;
  channel.reset('port_closed', `Nothing accepts connections on ${name}.`);
}

function dial(place: NetConnectOpts): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, allowHalfOpen: true, noDelay: true, timeout: dialMs });
    const settle = (result: Socket | null): void => {
      if (result === null) socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => {
      socket.setTimeout(0);
      settle(socket);
    });
    socket.once('error', () => settle(null));
    socket.once('timeout', () => settle(null));
  });
}
