import { once } from 'node:events';
import { request as ask, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { DomainError } from '@devfactory/kit';
import { heldBytes } from '@devfactory/kit/testing';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterPath } from './entry.ts';
import { ForeignOrigins, labelOf, type ForeignPlace } from './foreign-origins.ts';
import { Gateway } from './gateway.ts';
import { Passes } from './passes.ts';
import { hostileApp } from './testing/hostile-app.ts';
import { naiveProxy } from './testing/naive-proxy.ts';

const platformToken = 'dfc_canary-of-the-command-line';
const consoleOrigin = 'http://127.0.0.1:7717';
const victim: ForeignPlace = { runId: 'run_aaaaaaaaaaaaaaaa', service: 5173 };
const sibling: ForeignPlace = { runId: 'run_aaaaaaaaaaaaaaaa', service: 3000 };
const stranger: ForeignPlace = { runId: 'run_bbbbbbbbbbbbbbbb', service: 5173 };
const ide: ForeignPlace = { runId: 'run_aaaaaaaaaaaaaaaa', service: 'ide' };

let app: Server;
let passes: Passes;
let gateway: Gateway;
let naive: Server;
const ports = { gateway: 0, naive: 0 };

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

type Where = keyof typeof ports;

const hostOf = (place: ForeignPlace, where: Where = 'gateway'): string => `${labelOf(place)}.localhost:${ports[where]}`;
const originOf = (place: ForeignPlace, where: Where = 'gateway'): string => `http://${hostOf(place, where)}`;

interface Sending {
  readonly where?: Where;
  readonly place?: ForeignPlace;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function send(
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
async function enter(place: ForeignPlace = victim, ticket = issue(place)): Promise<string> {
  const answer = await send(enterPath, {
    place,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'null', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ ticket }).toString(),
  });
  if (answer.status !== 303) return '';
  return (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}

function issue(place: ForeignPlace = victim, asker: string | null = null): string {
  return passes.issue(place, { path: '/start?x=1', asker, console: consoleOrigin });
}

/** Opens a WebSocket by hand; the status that came back, and the socket. */
async function upgrade(
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
const seenBy = (answer: Answer): Echo => JSON.parse(answer.text) as Echo;

describe('what a person is let in to', () => {
  test('a ticket becomes a pass for its own origin, and the application gets the request as it was sent', async () => {
    const answer = await send(enterPath, { method: 'POST', body: `ticket=${issue()}` });
    expect(answer.headers.location).toBe('/start?x=1');
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-\S+; HttpOnly; Secure; SameSite=None; Partitioned; Path=\/; Max-Age=\d+$/),
      expect.stringMatching(/^devfactory-pass=\S+; HttpOnly; SameSite=Lax; Path=\//),
    ]);
    const cookie = await enter();
    const got = await send('/echo/%2e%2e//x?y=%00', { headers: { cookie: `${cookie}; theirs=1`, 'x-own': 'a' } });
    expect(got.status).toBe(200);
    expect(seenBy(got)).toMatchObject({
      url: '/echo/%2e%2e//x?y=%00',
      headers: { host: hostOf(victim), cookie: 'theirs=1', 'x-own': 'a', 'x-forwarded-proto': 'http' },
    });
  });

  test('a link with the ticket in its fragment lets a browser in without a console', async () => {
    const page = await send(enterPath);
    expect(page.text).toContain('location.hash');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'sha256-");
  });

  test('bodies of any size stream both ways with flat memory', async () => {
    const cookie = await enter();
    const size = 200_000_000;
    const before = heldBytes();
    const sent = ask({
      host: '127.0.0.1',
      port: ports.gateway,
      path: '/mirror',
      method: 'POST',
      headers: { host: hostOf(victim), cookie, origin: originOf(victim), 'content-length': size },
    });
    const piece = Buffer.alloc(1_000_000, 'x');
    const feeding = (async () => {
      for (let at = 0; at < size; at += piece.length) if (!sent.write(piece)) await once(sent, 'drain');
      sent.end();
    })();
    const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer>];
    let received = 0;
    let most = 0;
    for await (const chunk of response) {
      const tenth = Math.floor(received / (size / 10));
      received += chunk.length;
      if (Math.floor(received / (size / 10)) > tenth) most = Math.max(most, heldBytes());
    }
    await feeding;
    expect(received).toBe(size);
    expect(most - before).toBeLessThan(size / 2);
  });

  test('a WebSocket goes both ways, what came with its first bytes too', async () => {
    const { status, socket, head } = await upgrade({ cookie: await enter(), origin: originOf(victim) });
    expect(status).toBe(101);
    expect(head).not.toMatch(/domain=/i);
    socket.write('ping');
    expect(String((await once(socket, 'data'))[0])).toBe('echo ping');
    socket.destroy();
  });

  test('a page of the same workspace may call another of its ports, but not its IDE', async () => {
    const from = (place: ForeignPlace) => ({ origin: originOf(place), 'sec-fetch-site': 'cross-site' });
    expect((await send('/echo', { headers: { cookie: await enter(), ...from(sibling) } })).status).toBe(200);
    const cookie = await enter(ide);
    expect((await send('/echo', { place: ide, headers: { cookie, ...from(ide) } })).status).toBe(200);
    expect((await send('/echo', { place: ide, headers: { cookie, ...from(sibling) } })).status).toBe(403);
  });
});

describe('what the gateway says when there is nothing to pass on', () => {
  test.each([
    ['/silent', 504, /did not answer in time/],
    ['/garbage', 502, /did not speak HTTP/],
    ['/endless-headers', 502, /did not speak HTTP/],
    ['/hang-up', 502, /broke off/],
  ])('%s', async (path, status, sentence) => {
    const answer = await send(path, { headers: { cookie: await enter() } });
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(sentence)]);
    expect(answer.headers['content-security-policy']).toContain(`frame-ancestors 'self' ${consoleOrigin}`);
  });

  test('an upstream that is not there is a page that looks again, with its words and none of its markup', async () => {
    const place = { ...victim, service: 'down' };
    const answer = await send('/', { place, headers: { cookie: await enter(place) } });
    expect(answer).toMatchObject({ status: 503, text: expect.stringMatching(/refresh" content="2"[\s\S]*&lt;b>down/) });
  });

  test('an answer that breaks off in the middle is broken for the browser too', async () => {
    await expect(send('/half', { headers: { cookie: await enter() } })).rejects.toThrow(/aborted|hang up/);
  });

  test('an application that takes its time after the head is waited for', async () => {
    const answer = await send('/slow-body', { headers: { cookie: await enter() } });
    expect(answer.text).toBe('late');
  });
});

/** True when the attack worked. Each is run against a proxy that only passes on, where it must work, and against the gateway. */
const attacks: { readonly id: string; readonly works: (where: Where) => Promise<boolean> }[] = [
  {
    id: 'D05 the application gets the console’s session, the pass, or the command line’s token',
    works: async (where) => {
      const cookie = `devfactory_1a2b=DFCANARY; ${await enter()}; __Host-devfactory-x=DFCANARY; theirs=1`;
      const headers = { cookie, authorization: `Bearer ${platformToken}`, 'x-api-key': platformToken };
      const seen = (await send('/echo', { where, headers })).text;
      return /DFCANARY|canary-of|dfp_/.test(seen);
    },
  },
  {
    id: 'D10 a client says by its headers that it is another',
    works: async (where) => {
      const headers = {
        cookie: await enter(),
        'x-forwarded-for': '10.1.1.1',
        forwarded: 'for=10.1.1.1',
        'x-forwarded-host': 'evil',
      };
      return /10\.1\.1\.1|evil/.test((await send('/echo', { where, headers })).text);
    },
  },
  {
    id: 'D03 the application sets cookies for all of localhost, or under the platform’s names',
    works: async (where) => {
      const cookies =
        (await send('/tossing', { where, headers: { cookie: await enter() } })).headers['set-cookie'] ?? [];
      return cookies.some((cookie) => /domain=/i.test(cookie) || /^(__Host-)?devfactory/.test(cookie));
    },
  },
  {
    id: 'D18 headers of the application reach beyond its origin',
    works: async (where) => {
      const { headers } = await send('/reaching', { where, headers: { cookie: await enter() } });
      return ['clear-site-data', 'strict-transport-security', 'alt-svc', 'nel'].some(
        (name) => headers[name] !== undefined,
      );
    },
  },
  {
    id: 'D13 another site shows the preview in a frame',
    works: async (where) => {
      const { headers } = await send('/reaching', { where, headers: { cookie: await enter() } });
      const policies = String(headers['content-security-policy'] ?? '');
      return !policies.includes(`frame-ancestors 'self' ${consoleOrigin}`) || /frame-ancestors \*/.test(policies);
    },
  },
  {
    id: 'D04 a pass of one workspace opens another one',
    works: async (where) =>
      (await send('/echo', { where, place: stranger, headers: { cookie: await enter() } })).status === 200,
  },
  {
    id: 'D04 a page of another workspace reads with the person’s pass',
    works: async (where) => {
      const headers = { cookie: await enter(), origin: originOf(stranger, where), 'sec-fetch-site': 'cross-site' };
      return (await send('/echo', { where, headers })).status === 200;
    },
  },
  {
    id: 'D04 a page of another workspace takes an image or a script with the person’s pass',
    works: async (where) => {
      const headers = {
        cookie: await enter(),
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'script',
      };
      return (await send('/echo', { where, headers })).status === 200;
    },
  },
  {
    id: 'D11 a sandboxed frame posts a form with the person’s pass',
    works: async (where) => {
      const headers = { cookie: await enter(), origin: 'null', 'sec-fetch-site': 'cross-site' };
      return (await send('/echo', { where, method: 'POST', headers })).status === 200;
    },
  },
  {
    id: 'D07 a WebSocket without a pass',
    works: async (where) => (await upgrade({ origin: originOf(victim, where) }, { where })).status === 101,
  },
  {
    id: 'D07 a WebSocket of another workspace’s page, or of one that does not say whose it is',
    works: async (where) => {
      const cookie = await enter();
      const tries: Record<string, string>[] = [
        { cookie, origin: originOf(stranger, where) },
        { cookie, origin: 'null' },
        { cookie },
      ];
      const answers = await Promise.all(tries.map((headers) => upgrade(headers, { where })));
      return answers.some(({ status }) => status === 101);
    },
  },
  {
    id: 'D09 a name of another site that points here',
    works: async (where) => {
      const cookie = await enter();
      const hosts = [
        'attacker.test',
        'localhost',
        `127.0.0.1:${ports[where]}`,
        `${labelOf(victim)}.localhost.evil.test`,
        `x.${labelOf(victim)}.localhost`,
      ];
      const answers = await Promise.all(hosts.map((host) => send('/echo', { where, headers: { cookie, host } })));
      return answers.some(({ status }) => status === 200);
    },
  },
  {
    id: 'D08 a port that is none, or a service that nobody offers',
    works: async (where) => {
      const cookie = await enter();
      const names = ['0', '70000', '0022', 'admin'].map((service) => `${service}--run-${'a'.repeat(16)}.localhost`);
      const answers = await Promise.all(names.map((host) => send('/echo', { where, headers: { cookie, host } })));
      return answers.some(({ status }) => status === 200);
    },
  },
  {
    id: 'D08 the gateway as a proxy to elsewhere',
    works: async (where) =>
      (await send('http://127.0.0.1:22/', { where, headers: { cookie: await enter() } })).status === 200,
  },
];

describe('attacks', () => {
  test.each(attacks)('$id works where nothing is in its way, and fails here', async ({ works }) => {
    expect(await works('naive')).toBe(true);
    expect(await works('gateway')).toBe(false);
  });

  test('D07 a ticket works once, within a minute, and at its own origin alone', async () => {
    const ticket = issue();
    expect(await enter(victim, ticket)).not.toBe('');
    expect(await enter(victim, ticket)).toBe('');
    const stolen = issue();
    expect(await enter(stranger, stolen)).toBe('');
    expect(await enter(victim, stolen)).toBe('');
    expect(await enter(victim, '')).toBe('');
    let now = Date.now();
    const late = new Passes(() => now);
    const old = late.issue(victim, { path: '/', asker: null, console: null });
    now += 61_000;
    expect(late.redeem(old, victim)).toBeNull();
  });

  test('D07 who logs out is out: the pass opens nothing, and what it held open is cut', async () => {
    const cookie = await enter(victim, issue(victim, 'session-hash'));
    const { socket } = await upgrade({ cookie, origin: originOf(victim) });
    const streaming = ask({
      host: '127.0.0.1',
      port: ports.gateway,
      path: '/forever',
      headers: { host: hostOf(victim), cookie },
    });
    streaming.end();
    const [begun] = (await once(streaming, 'response')) as [IncomingMessage];
    const cut = once(begun, 'error');
    const closed = once(socket, 'close');
    expect(passes.askers()).toContain('session-hash');
    passes.end(['session-hash']);
    await Promise.all([closed, cut]);
    expect((await send('/echo', { headers: { cookie } })).status).toBe(401);
  });

  test('D21 endless headers of a client are refused, and a ticket form of any size too', async () => {
    expect((await send('/echo', { headers: { 'x-long': 'x'.repeat(40_000) } })).status).toBe(431);
    const answer = await send(enterPath, { method: 'POST', body: `ticket=${'x'.repeat(100_000)}` });
    expect(answer.status).toBe(403);
  });
});
