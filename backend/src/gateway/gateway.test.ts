import { once } from 'node:events';
import { request as ask } from 'node:http';
import { heldBytes } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import {
  consoleOrigin,
  victim,
  sibling,
  ide,
  ports,
  hostOf,
  originOf,
  send,
  enter,
  issue,
  upgrade,
  seenBy,
} from '../../test/gateway-stage.ts';
import { enterPath } from './entry.ts';
import type { ForeignPlace } from './foreign-origins.ts';

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
