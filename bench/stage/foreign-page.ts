import { request as ask, type Agent, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** A ticket of the factory's for an origin of foreign code. */
export interface Ticket {
  readonly action: string;
  readonly ticket: string;
}

/** What lets a program in to such an origin, as a browser is. */
export interface Visitor {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Trades a ticket for the cookies of its origin. Names below localhost need no name server in browsers; here they may, so the address is said. */
export function enter({ action, ticket }: Ticket): Promise<Visitor> {
  const { host, port, pathname } = new URL(action);
  return new Promise((resolve, reject) => {
    const sent = ask({ host: '127.0.0.1', port, path: pathname, method: 'POST', headers: { host } }, (answer) => {
      answer.resume();
      const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
      resolve({ port: Number(port), headers: { host, cookie } });
    });
    sent.on('error', reject);
    sent.end(new URLSearchParams({ ticket }).toString());
  });
}

/** A page's status and text. */
export function readPage(
  from: ({ readonly port: number } | { readonly socketPath: string }) & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly agent?: Agent;
  },
  path = '/',
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = ask({ ...from, host: '127.0.0.1', path }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('latin1') }),
      );
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Listens on a WebSocket: each text of at most 64 kB that the server says, as it comes. Resolves when it is open. */
export function listenTo(
  { port, headers }: Visitor,
  { path, protocol }: { readonly path: string; readonly protocol: string },
  heard: (text: string) => void,
): Promise<Socket> {
  const wanted = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    origin: `http://${headers['host']}`,
    'sec-websocket-version': '13',
    'sec-websocket-key': 'ZGV2ZmFjdG9yeSBiZW5jaA==',
    'sec-websocket-protocol': protocol,
  };
  return new Promise((resolve, reject) => {
    const sent = ask({ host: '127.0.0.1', port, path, headers: { ...headers, ...wanted } });
    sent.on('response', (answer: IncomingMessage) => reject(new Error(`no WebSocket: ${answer.statusCode}`)));
    sent.on('error', reject);
    sent.on('upgrade', (_answer, socket: Socket, first: Buffer) => {
      let held = first;
      const take = (more: Buffer): void => {
        held = Buffer.concat([held, more]);
        for (let frame = firstFrame(held); frame !== null; frame = firstFrame(held)) {
          held = held.subarray(frame.end);
          heard(frame.text);
        }
      };
      socket.on('data', take);
      socket.on('error', () => socket.destroy());
      take(Buffer.alloc(0));
      resolve(socket);
    });
    sent.end();
  });
}

/** A server's frame is not masked (RFC 6455, 5.2). */
function firstFrame(held: Buffer): { readonly text: string; readonly end: number } | null {
  const short = (held[1] ?? 0) & 0x7f;
  const from = short === 126 ? 4 : 2;
  if (held.length < from) return null;
  const end = from + (short === 126 ? held.readUInt16BE(2) : short);
  return held.length < end ? null : { text: held.toString('utf8', from, end), end };
}
