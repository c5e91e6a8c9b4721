import type { Socket } from 'node:net';
import type { Channel } from '../protocol/channel.ts';

/** Joins a socket and a channel in both directions, each end passed on by itself. Needs a socket with `allowHalfOpen`. */
export function pumpSocket(socket: Socket, channel: Channel): void {
  socket.on('error', () => channel.reset('connection_lost', 'The connection broke.'));
  channel.whenFailed(() => socket.destroy());
  void toChannel(socket, channel);
  void toSocket(channel, socket);
}

async function toChannel(socket: Socket, channel: Channel): Promise<void> {
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
      await channel.write(chunk);
    channel.end();
  } catch {
    socket.destroy();
    channel.reset('connection_lost', 'The connection broke.');
  }
}

async function toSocket(channel: Channel, socket: Socket): Promise<void> {
  try {
    for (;;) {
      const item = await channel.next();
      if (item === null) break;
      if (item.kind === 'data' && !socket.write(item.bytes)) await drained(socket);
    }
    socket.end();
  } catch {
    socket.destroy();
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      socket.off('drain', settle).off('close', settle);
      if (socket.destroyed) reject(new Error('The connection broke.'));
      else resolve();
    };
    socket.once('drain', settle).once('close', settle);
  });
}
