import type { Duplex } from 'node:stream';

/** Gives a stream what an HTTP server expects of a socket beyond a stream: an origin, a state, a timeout. */
export function wearSocketFace(stream: Duplex): void {
  let timer: NodeJS.Timeout | undefined;
  stream.once('close', () => clearTimeout(timer));
  Object.defineProperties(stream, {
    remoteAddress: { value: '127.0.0.1' },
    readyState: { get: () => (stream.destroyed ? 'closed' : 'open') },
    setTimeout: {
      value: (ms: number, expired?: () => void) => {
        clearTimeout(timer);
        if (expired) stream.once('timeout', expired);
        if (ms > 0) timer = setTimeout(() => stream.emit('timeout'), ms).unref();
        return stream;
      },
    },
  });
}
