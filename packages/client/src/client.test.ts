import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createClient, type Client } from './client.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Client> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'secret' });
}

test('requests carry the token and their parts escaped', async () => {
  let seen: unknown;
  const client = await serve((request, response) => {
    seen = { url: request.url, authorization: request.headers.authorization };
    response.end(JSON.stringify({ path: 'a b', text: 'x', binary: false, truncated: false, size: 1 }));
  });
  await client.runs.file('run_x/../y', 'ck-1', 'a b&c');
  expect(seen).toEqual({
    url: '/api/runs/run_x%2F..%2Fy/checkpoints/ck-1/file?path=a+b%26c',
    authorization: 'Bearer secret',
  });
});

test('an answer of another shape is an error that says so', async () => {
  const client = await serve((_, response) => response.end('{"agents":[]}'));
  await expect(client.agents.list()).rejects.toMatchObject({ code: 'unexpected_answer', status: 0 });
});

test('a refusal that is no problem document still becomes one', async () => {
  const client = await serve((_, response) => response.writeHead(502).end('<html>'));
  await expect(client.about()).rejects.toMatchObject({ status: 502, code: 'http_error' });
});

test('no server is an error that names the address', async () => {
  const client = createClient({ baseUrl: 'http://127.0.0.1:1' });
  await expect(client.about()).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('http://127.0.0.1:1'),
  });
  expect(await client.isHealthy()).toBe(false);
});

test('a page of the log says where it ended, unknown events included', async () => {
  const base = { runId: 'run_abcdefgh234567ab', at: '2026-01-01T00:00:00.000Z', actor: { kind: 'factory' }, data: {} };
  const events = [
    { ...base, seq: 1, type: 'run.paused' },
    { ...base, seq: 2, type: 'moon.risen' },
  ];
  const client = await serve((_, response) => response.end(JSON.stringify({ events })));
  const page = await client.runs.log(base.runId);
  expect(page.lastSeq).toBe(2);
  expect(page.events.map((event) => event.seq)).toEqual([1]);
});

const away = { title: '', status: 424, code: 'database_unavailable', detail: 'Try again.', retryAfter: 1 };

test('what passes is read once more after the time the refusal names, and never said twice', async () => {
  const methods: string[] = [];
  const client = await serve((request, response) => {
    methods.push(request.method ?? '');
    if (methods.length % 2 === 0) response.end('[]');
    else response.writeHead(424, { 'content-type': 'application/problem+json' }).end(JSON.stringify(away));
  });
  expect(await client.agents.list()).toEqual([]);
  const refused = client.runs.command('run_abcdefgh234567ab', { do: 'pause' });
  await expect(refused).rejects.toMatchObject({ status: 424, passing: true });
  expect(methods).toEqual(['GET', 'GET', 'POST']);
});

test('a refusal that waiting cannot change is told at once', async () => {
  let asked = 0;
  const { retryAfter: _, ...full } = { ...away, code: 'disk_full' };
  const client = await serve((_request, response) => {
    asked += 1;
    response.writeHead(424, { 'content-type': 'application/problem+json' }).end(JSON.stringify(full));
  });
  await expect(client.agents.list()).rejects.toMatchObject({ code: 'disk_full', passing: false });
  expect(asked).toBe(1);
});
