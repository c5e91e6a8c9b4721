import { once } from 'node:events';
import { request as ask, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { DomainError } from '@devfactory/kit';
import { fastify } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { enterPath } from '../src/gateway/entry.ts';
import { ForeignOrigins, labelOf, type ForeignPlace } from '../src/gateway/foreign-origins.ts';
import { Gateway } from '../src/gateway/gateway.ts';
import { Passes } from '../src/gateway/passes.ts';
import { hostileApp } from '../src/gateway/testing/hostile-app.ts';
import { naiveProxy } from '../src/gateway/testing/naive-proxy.ts';

// Importing it gives a test file a gateway in front of a hostile application, and a proxy without any wall beside it.
export const platformToken = 'dfc_canary-of-the-command-line';
export const consoleOrigin = 'http://127.0.0.1:7717';
export const victim: ForeignPlace = { runId: 'run_aaaaaaaaaaaaaaaa', service: 5173 };
export const sibling: ForeignPlace = { runId: 'run_aaaaaaaaaaaaaaaa', service: 3000 };
export const stranger: ForeignPlace = { runId: 'run_bbbbbbbbbbbbbbbb', service: 5173 };
export const ide: ForeignPlace = { runId: 'run_aaaaaaaaaaaaaaaa', service: 'ide' };

let app: Server;
export let passes: Passes;
let gateway: Gateway;
let naive: Server;
export const ports = { gateway: 0, naive: 0 };

beforeAll(async () => {
  app = await hostileApp();
  const appPort = (app.address() as AddressInfo).port;
  passes = new Passes();
  const dial = async (): Promise<Socket> => {
    const socket = connect({ port: appPort, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  };
  gateway = new Gateway({
    origins: () => new ForeignOrigins(ports.gateway, null),
    passes,
    upstreams: new Map([
      ['port', { calledBy: 'its workspace' as const, connect: dial }],
      ['ide', { calledBy: 'itself' as const, connect: dial }],
      [
        'down',
        {
          calledBy: 'itself' as const,
          connect: async () => {
            throw new DomainError('x', 'unavailable', { message: '<b>down</b>', retryAfterSeconds: 2 });
          },
        },
      ],
    ]),
    platformToken,
    log: fastify().log,
    patienceMs: 300,
  });
  gateway.server.listen(0, '127.0.0.1');
  await once(gateway.server, 'listening');
  ports.gateway = (gateway.server.address() as AddressInfo).port;
  naive = await naiveProxy(appPort);
  ports.naive = (naive.address() as AddressInfo).port;
});
afterAll(() => {
  for (const server of [app, gateway.server, naive]) {
    server.closeAllConnections();
    server.close();
  }
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export type Where = keyof typeof ports;

export const hostOf = (place: ForeignPlace, where: Where = 'gateway'): string =>
  `${labelOf(place)}.localhost:${ports[where]}`;
export const originOf = (place: ForeignPlace, where: Where = 'gateway'): string => `http://${hostOf(place, where)}`;

interface Sending {
  readonly where?: Where;
  readonly place?: ForeignPlace;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function send(
  path: string,
  { where = 'gateway', place = victim, method = 'GET', headers = {}, body = '' }: Sending = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = ask(
      {
        host: '127.0.0.1',
        port: ports[where],
        path,
        method,
        agent: false,
        headers: { host: hostOf(place, where), ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Trades a ticket as the console does; the cookies that the browser has then. */
export async function enter(place: ForeignPlace = victim, ticket = issue(place)): Promise<string> {
  const answer = await send(enterPath, {
    place,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'null', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ ticket }).toString(),
  });
  if (answer.status !== 303) return '';
  return (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}

export function issue(place: ForeignPlace = victim, asker: string | null = null): string {
  return passes.issue(place, { path: '/start?x=1', asker, console: consoleOrigin });
}

/** Opens a WebSocket by hand; the status that came back, and the socket. */
export async function upgrade(
  headers: Record<string, string>,
  { where = 'gateway', place = victim }: Pick<Sending, 'where' | 'place'> = {},
): Promise<{ status: number; socket: Socket; head: string }> {
  const socket = connect(ports[where], '127.0.0.1');
  const all = {
    host: hostOf(place, where),
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /socket HTTP/1.1\r\n${lines.join('')}\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  return { status: Number(first.toString().split(' ')[1]), socket, head: first.toString() };
}

interface Echo {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}
export const seenBy = (answer: Answer): Echo => JSON.parse(answer.text) as Echo;
