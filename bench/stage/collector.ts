import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Asks a Node process to throw away what it no longer needs, so that two looks at its memory can be compared. */
export interface Collector {
  /** What the process must be started with. */
  readonly environment: Readonly<Record<string, string>>;
  collect(): Promise<void>;
}

/** Over Node's own inspector, on loopback. */
export async function openCollector(): Promise<Collector> {
  const port = await freePort();
  return {
    environment: { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` },
    collect: async () => {
      const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
        webSocketDebuggerUrl: string;
      }[];
      const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
      await once(socket, 'open');
      // Twice: what the first finds free may hold more.
      for (const id of [1, 2]) {
        const answered = once(socket, 'message');
        socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
        await answered;
      }
      socket.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
