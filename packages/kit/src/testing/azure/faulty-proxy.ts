import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const always = ['status-500', 'status-503', 'status-429', 'reset', 'lost-answer'] as const;
const upload = ['reset-upload', 'flip-upload', 'truncate-upload'] as const;
const download = ['flip-answer', 'truncate-answer'] as const;
const write = ['lost-lease'] as const;
const rare = ['silence', 'stale-list'] as const;
export type Fault =
  | (typeof always)[number]
  | (typeof upload)[number]
  | (typeof download)[number]
  | (typeof write)[number]
  | (typeof rare)[number];

/** Stands between a client and a server of blobs and does what networks do, by a repeatable die. */
export interface FaultyProxy {
  readonly port: number;
  /** Which part of the requests suffers, 0 to 1. */
  rate: number;
  /** Whether some requests get no answer at all, as long as their client waits. */
  silences: boolean;
  /** How much the server's clock seems to be behind, in milliseconds. */
  behindMs: number;
  /** False: what it says of when blobs were stored is right all the same. */
  datesOfBlobs: boolean;
  readonly injected: ReadonlyMap<Fault, number>;
  /** From so many bodies larger than 1 MB on, all of them are cut off; null: none. */
  cutAfterUploads: number | null;
  /** Bytes of bodies that reached the server. */
  uploadedBytes: number;
  stop(): Promise<void>;
}

export async function startFaultyProxy(target: string, seed = 1): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  const injected = new Map<Fault, number>();
  const dice = die(seed);
  const server = createServer((incoming, outgoing) => {
    // A reset while somebody writes is what this is for.
    outgoing.on('error', () => {});
    void pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const proxy = {
    rate: 0,
    silences: false,
    behindMs: 0,
    datesOfBlobs: true,
    cutAfterUploads: null as number | null,
    uploadedBytes: 0,
  };
  let large = 0;
  const lists = new Map<
    string,
    { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
  >();

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    if (body.length > 1_000_000 && proxy.cutAfterUploads !== null && large++ >= proxy.cutAfterUploads)
      return void outgoing.destroy();
    const fault = dice() < proxy.rate ? choose(incoming, body) : undefined;
    if (fault) injected.set(fault, (injected.get(fault) ?? 0) + 1);
    if (fault?.startsWith('status-')) return void outgoing.writeHead(Number(fault.slice(7))).end();
    if (fault === 'reset') return void outgoing.destroy();
    if (fault === 'silence') return;
    if (fault === 'lost-lease') return void outgoing.writeHead(412, { 'x-ms-error-code': 'LeaseLost' }).end();
    const old = lists.get(listOf(incoming));
    if (fault === 'stale-list' && old) return void outgoing.writeHead(old.status, old.headers).end(old.body);
    const sent = fault === 'flip-upload' ? flipped(body) : fault === 'truncate-upload' ? cut(body) : body;
    const upstream = request({
      hostname,
      port,
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    });
    if (fault === 'reset-upload') {
      upstream.on('error', () => {});
      upstream.write(body.subarray(0, body.length >> 1), () => upstream.destroy());
      return void outgoing.destroy();
    }
    proxy.uploadedBytes += sent.length;
    upstream.end(sent);
    const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
    const back = await buffer(answer);
    if (listOf(incoming) !== '' && answer.statusCode === 200)
      lists.set(listOf(incoming), { status: 200, headers: answer.headers, body: back });
    if (fault === 'lost-answer') return void outgoing.destroy();
    outgoing.writeHead(answer.statusCode ?? 502, dated(answer.headers, proxy));
    if (fault === 'truncate-answer' && back.length > 1) {
      outgoing.write(back.subarray(0, back.length >> 1), () => outgoing.destroy());
    } else outgoing.end(fault === 'flip-answer' && answer.statusCode === 206 ? flipped(back) : back);
  }

  function choose(incoming: IncomingMessage, body: Buffer): Fault {
    const isBytes = body.length > 0 && !incoming.url?.includes('comp=blocklist');
    const isRead = incoming.method === 'GET' && incoming.headers['x-ms-range'] !== undefined;
    const isWrite = incoming.method === 'PUT' || incoming.method === 'DELETE';
    const hasList = lists.has(listOf(incoming));
    const more = [...(proxy.silences ? ['silence' as const] : []), ...(hasList ? ['stale-list' as const] : [])];
    const kinds = [
      ...always,
      ...more,
      ...(isWrite ? write : []),
      ...(isBytes ? upload : []),
      ...(isRead ? download : []),
    ];
    return kinds[Math.floor(dice() * kinds.length)] ?? 'reset';
  }

  function flipped(bytes: Buffer): Buffer {
    const changed = Buffer.from(bytes);
    const at = Math.floor(dice() * changed.length);
    if (changed.length > 0) changed.writeUInt8((changed[at] ?? 0) ^ 0xff, at);
    return changed;
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return Object.assign(proxy, {
    port: (server.address() as AddressInfo).port,
    injected,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** What a list asks for; '' for everything else. */
function listOf({ method, url = '' }: IncomingMessage): string {
  return method === 'GET' && url.includes('comp=list') ? url : '';
}

function dated(
  headers: IncomingHttpHeaders,
  { behindMs, datesOfBlobs }: Pick<FaultyProxy, 'behindMs' | 'datesOfBlobs'>,
): OutgoingHttpHeaders {
  const shifted: OutgoingHttpHeaders = { ...headers };
  for (const name of datesOfBlobs ? (['date', 'last-modified'] as const) : (['date'] as const)) {
    const date = headers[name];
    if (date !== undefined) shifted[name] = new Date(Date.parse(date) - behindMs).toUTCString();
  }
  return shifted;
}

/** The length stays, as the signature covers it; the second half has got lost. */
const cut = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, bytes.length >> 1), Buffer.alloc(bytes.length - (bytes.length >> 1))]);

/** Mulberry32: the same seed gives the same faults for the same requests. */
function die(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
