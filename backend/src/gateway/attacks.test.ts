import { once } from 'node:events';
import { request as ask, type IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import {
  platformToken,
  consoleOrigin,
  victim,
  stranger,
  passes,
  ports,
  hostOf,
  originOf,
  send,
  enter,
  issue,
  upgrade,
  type Where,
} from '../../test/gateway-stage.ts';
import { enterPath } from './entry.ts';
import { labelOf } from './foreign-origins.ts';
import { Passes } from './passes.ts';

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
