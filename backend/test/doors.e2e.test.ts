import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../src/index.ts';
import { eventually, Factory, planOnly, problem, type Answer } from './factory.ts';
import { Stream } from './sse.ts';

let factory: Factory;
beforeAll(async () => {
  factory = await Factory.start();
});
afterAll(() => factory.end());

async function login(): Promise<string> {
  const link = (await factory.ask('/api/login-links', { method: 'POST' })).json as { url: string };
  const answer = await factory.ask(link.url.slice(factory.server.url.length), { as: 'nobody' });
  expect(answer.status).toBe(303);
  return answer.headers.getSetCookie()[0] ?? '';
}
const cookieOf = (setCookie: string): string => setCookie.split(';')[0] ?? '';

/** fetch sets Host and drops Origin in places; a raw request sends what it is told. */
function raw(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: factory.server.port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}
const path = (url: string): string =>
  url.replace(':id', 'run_aaaaaaaaaaaaaaaa').replaceAll(/:\w+/g, 'x').replace('*', 'x');

test('every route says who may use it, and only four are open to strangers', () => {
  const { routes } = factory.server;
  expect(routes.length).toBeGreaterThan(20);
  expect(routes.filter((route) => route.policy === null)).toEqual([]);
  const open = new Set(
    routes.filter((route) => route.policy === 'public').map((route) => `${route.method} ${route.url}`),
  );
  expect([...open].toSorted()).toEqual(['GET /*', 'GET /healthz', 'GET /login', 'HEAD /*', 'POST /api/hooks/github']);
});

test('strangers get 401 from every other route, whatever they send', async () => {
  for (const route of factory.server.routes.filter(
    (item) => item.policy === 'person' && item.url !== '/api/*' && item.url !== '/api',
  )) {
    const body = route.method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {};
    for (const headers of [
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: factory.token },
      { cookie: 'devfactory=x' },
    ]) {
      const answer = await factory.ask(path(route.url), {
        as: 'nobody',
        method: route.method,
        ...body,
        headers: { ...body.headers, ...headers },
      });
      expect([route, answer.status, problem(answer).code]).toEqual([route, 401, 'not_logged_in']);
    }
  }
});

test('an address of the API that is not there is a 401 to strangers and a 404 to people', async () => {
  expect((await factory.ask('/api/nothing', { as: 'nobody' })).status).toBe(401);
  expect(problem(await factory.ask('/api/nothing')).code).toBe('not_found');
});

test('a login link works once and sets a cookie that scripts and other sites cannot use', async () => {
  const cookie = await login();
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\//);
  expect((await factory.ask('/api/runs', { as: 'nobody', headers: { cookie: cookieOf(cookie) } })).status).toBe(200);
  const used = new URL(factory.server.loginUrl);
  const address = used.pathname + used.search;
  expect((await factory.ask(address, { as: 'nobody' })).status).toBe(303);
  expect(problem(await factory.ask(address, { as: 'nobody' })).code).toBe('login_link_used');
  expect((await factory.ask('/login', { as: 'nobody' })).status).toBe(401);
  const page = await factory.ask(address, { as: 'nobody', headers: { accept: 'text/html,*/*;q=0.8' } });
  expect([page.status, page.headers.get('location'), page.headers.get('set-cookie')]).toEqual([
    303,
    '/sign-in?link=used',
    null,
  ]);
});

test('no token that opens a door is in the database', async () => {
  const cookie = cookieOf(await login());
  const rows = await factory.sql<{ hash: string }>('select hash from sessions union all select hash from login_tokens');
  expect(rows.length).toBeGreaterThan(0);
  for (const { hash } of rows) {
    expect(cookie).not.toContain(hash);
    expect(
      (await factory.ask('/api/runs', { as: 'nobody', headers: { cookie: `${cookie.split('=')[0] ?? ''}=${hash}` } }))
        .status,
    ).toBe(401);
  }
});

test('logging out ends the session and the streams it holds open', async () => {
  const cookie = cookieOf(await login());
  const stream = await Stream.open(`${factory.server.url}/api/feed`, { cookie });
  const answer = await factory.ask('/api/logout', {
    as: 'nobody',
    method: 'POST',
    headers: { cookie, origin: factory.server.url },
  });
  expect(answer.status).toBe(204);
  await stream.ended;
  expect((await factory.ask('/api/runs', { as: 'nobody', headers: { cookie } })).status).toBe(401);
});

test('D01: a browser must come from our own page to change anything', async () => {
  const cookie = cookieOf(await login());
  const { port } = factory.server;
  const host = `127.0.0.1:${port}`;
  const post = (headers: Record<string, string>) =>
    raw('/api/login-links', { method: 'POST', headers: { host, cookie, ...headers } });
  expect((await post({ origin: `http://${host}` })).status).toBe(201);
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  for (const headers of [
    {},
    { origin: 'null' },
    { origin: 'http://evil.test' },
    { origin: `http://127.0.0.1:${port}.evil.test` },
    { origin: `http://localhost:${port}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: `http://${host}` },
  ]) {
    const answer = await post(headers);
    expect([headers, answer.status, JSON.parse(answer.text)]).toEqual([
      headers,
      403,
      expect.objectContaining({ code: 'foreign_origin' }),
    ]);
  }
  expect((await raw('/api/runs', { headers: { host, cookie, 'sec-fetch-site': 'same-site' } })).status).toBe(403);
});

test('a foreign host name is refused everywhere, the health route included', async () => {
  for (const host of ['attacker.test', 'localhost.attacker.test', '127.0.0.1.nip.io', ' ', 'localhost@evil']) {
    for (const address of ['/healthz', '/', '/login', '/api/runs']) {
      const answer = await raw(address, {
        headers: { host, authorization: `Bearer ${factory.token}`, 'x-forwarded-host': 'localhost' },
      });
      expect([host, address, answer.status]).toEqual([host, address, 403]);
    }
  }
  expect((await raw('/healthz', { headers: { host: 'localhost:1234' } })).status).toBe(200);
});

test('every answer carries the headers that keep other pages out', async () => {
  for (const address of ['/', '/healthz', '/api/runs', '/nowhere']) {
    const { headers } = await factory.ask(address);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  expect((await factory.ask('/api/runs')).headers.get('cache-control')).toBe('no-store');
});

test('secrets on the disk are readable by their owner alone', async () => {
  for (const name of ['cli-token', 'server.json', 'postgres-password', 'instance.lock']) {
    expect([name, ((await stat(join(factory.dataDir, name))).mode & 0o777).toString(8)]).toEqual([name, '600']);
  }
  const said = JSON.parse(await readFile(join(factory.dataDir, 'server.json'), 'utf8')) as object;
  expect(said).toMatchObject({ port: factory.server.port, pid: process.pid, url: factory.server.url });
});

test('a second instance on the same data directory is refused and harms nothing', async () => {
  await expect(startServer({ dataDir: factory.dataDir, port: 0, logLevel: 'silent' })).rejects.toMatchObject({
    code: 'data_dir_busy',
  });
  expect((await factory.ask('/api/runs')).status).toBe(200);
});

test('a port in use is named, and nothing stays behind', async () => {
  const before = await factory.sql<{ count: string }>('select count(*) from pg_stat_activity');
  const other = `${factory.dataDir}-other`;
  await expect(startServer({ dataDir: other, port: factory.server.port, logLevel: 'silent' })).rejects.toMatchObject({
    code: 'port_in_use',
  });
  const again = await Factory.start({ dataDir: other });
  await again.end();
  expect(before.length).toBe(1);
});

test('one reader’s words never end in another run’s blobs', async () => {
  const id = await factory.create({ prompt: 'x', agent: 'scripted', agentOptions: planOnly });
  const body = (await factory.state(id)).body;
  const other = await factory.create({ prompt: `another with ${body}`, agent: 'scripted', agentOptions: planOnly });
  const own: Answer = await factory.ask(`/api/runs/${id}/blobs/${body}`);
  expect([own.status, own.headers.get('content-disposition')?.startsWith('attachment')]).toEqual([200, true]);
  expect(problem(await factory.ask(`/api/runs/${other}/blobs/${body}`)).code).toBe('blob_missing');
  for (const run of [id, other]) await eventually(async () => void (await factory.command(run, { do: 'cancel' })));
});
