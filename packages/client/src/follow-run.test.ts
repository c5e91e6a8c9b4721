import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunEvent } from '@devfactory/contracts';
import { afterEach, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { createClient, type Client } from './client.ts';

const runId = 'run_abcdefgh234567ab';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server whose n-th connection is answered by the n-th turn (the last one repeats), given what the client asks to resume after. */
async function serve(
  ...turns: ((after: number, response: ServerResponse) => void)[]
): Promise<{ client: Client; asked: number[] }> {
  const asked: number[] = [];
  const server = createServer((request, response) => {
    const after = Number(new URL(request.url ?? '', 'http://localhost').searchParams.get('after'));
    const turn = turns[Math.min(asked.length, turns.length - 1)];
    asked.push(after);
    turn?.(after, response);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { client: createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }), asked };
}

function frame(seq: number, type = 'run.paused'): string {
  const event = { runId, seq, at: '2026-01-01T00:00:00.000Z', actor: { kind: 'factory' }, type, data: {} };
  return `id: ${seq}\nevent: run\ndata: ${JSON.stringify(event)}\n\n`;
}

function stream(response: ServerResponse, text: string): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(text);
  return response;
}

async function take(events: AsyncIterable<RunEvent>, upTo: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const event of events) {
    seen.push(event.seq);
    if (event.seq >= upTo) break;
  }
  return seen;
}

test('events come once and in order although the connection breaks in the middle of one', async () => {
  const { client, asked } = await serve(
    (_, response) => stream(response, frame(1) + frame(2) + frame(3).slice(0, 20)).end(),
    (after, response) => stream(response, frame(after) + frame(after + 1) + frame(after + 2)),
  );
  const connections: string[] = [];
  const seen = await take(client.followRun({ runId, onConnection: (connection) => connections.push(connection) }), 4);
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(asked).toEqual([0, 2]);
  expect(connections).toEqual(['live', 'reconnecting', 'live']);
});

test('following begins after the event that is known already', async () => {
  const { client, asked } = await serve((after, response) => stream(response, frame(after + 1)));
  expect(await take(client.followRun({ runId, after: 7 }), 8)).toEqual([8]);
  expect(asked).toEqual([7]);
});

test('how far a delivery is comes beside the events, and what is no such message does not', async () => {
  const progress = { exportId: 'ex-1', phase: 'sending', done: 1, total: null };
  const message = (data: object): string => `event: progress\ndata: ${JSON.stringify(data)}\n\n`;
  const { client } = await serve((_, response) =>
    stream(response, frame(1) + message(progress) + message({ ...progress, phase: 'resting' }) + frame(2)),
  );
  const told: object[] = [];
  expect(await take(client.followRun({ runId, onProgress: (at) => told.push(at) }), 2)).toEqual([1, 2]);
  expect(told).toEqual([progress]);
});

test('a missing event is asked for again', async () => {
  const { client, asked } = await serve(
    (_, response) => stream(response, frame(1) + frame(3)),
    (after, response) => stream(response, frame(after + 1) + frame(after + 2)),
  );
  expect(await take(client.followRun({ runId }), 3)).toEqual([1, 2, 3]);
  expect(asked).toEqual([0, 1]);
});

test('a log with a gap for good is an error that names the event', async () => {
  const { client } = await serve((_, response) => stream(response, frame(3)));
  await expect(take(client.followRun({ runId }), 3)).rejects.toMatchObject({
    code: 'event_gap',
    message: expect.stringContaining('no event 1'),
  });
});

test('an event of a later version is left out and does not count as a gap', async () => {
  const { client } = await serve((_, response) => stream(response, frame(1) + frame(2, 'moon.risen') + frame(3)));
  expect(await take(client.followRun({ runId }), 3)).toEqual([1, 3]);
});

test('a server that is busy or away is asked again, a refusal is final', async () => {
  const { client } = await serve(
    (_, response) => response.writeHead(503).end(),
    (_, response) => response.writeHead(429).end(),
    (_, response) =>
      response.writeHead(424).end(JSON.stringify({ title: '', status: 424, code: 'x', detail: '', retryAfter: 2 })),
    (_, response) => stream(response, ': heartbeat\n\n' + frame(1)),
  );
  expect(await take(client.followRun({ runId }), 1)).toEqual([1]);

  const problem = { title: 'Not found', status: 404, code: 'unknown_run', detail: `There is no run ${runId}.` };
  const refusing = await serve((_, response) =>
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem)),
  );
  const error = await take(refusing.client.followRun({ runId }), 1).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, code: 'unknown_run', message: problem.detail });
});

test('aborting ends a silent stream quietly and closes its connection', async () => {
  let closed: Promise<unknown> | undefined;
  const { client } = await serve((_, response) => {
    closed = once(stream(response, ': heartbeat\n\n'), 'close');
  });
  const controller = new AbortController();
  const seen = take(client.followRun({ runId, signal: controller.signal, onConnection: () => controller.abort() }), 1);
  expect(await seen).toEqual([]);
  await closed;
});

test('a message may arrive in any pieces', async () => {
  const { client } = await serve((_, response) => {
    const bytes = Buffer.from(frame(1).replaceAll('\n', '\r\n') + frame(2));
    stream(response, '');
    void (async () => {
      for (const byte of bytes) await new Promise((resolve) => response.write(Uint8Array.of(byte), resolve));
    })();
  });
  expect(await take(client.followRun({ runId }), 2)).toEqual([1, 2]);
});
