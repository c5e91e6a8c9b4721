import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError } from '@devfactory/kit';
import type { Log } from '../server/log.ts';
import { entryPath, takeEntry } from './entry.ts';
import type { ForeignOrigins, ForeignPlace } from './foreign-origins.ts';
import { forwardRequest, maxHeaderBytes, type Failure, type Passage } from './forward-request.ts';
import { forwardUpgrade } from './forward-upgrade.ts';
import { isAllowedPage } from './judge-request.ts';
import { writeNote, type Note } from './pages.ts';
import { takePasses } from './pass-cookie.ts';
import type { Pass, Passes } from './passes.ts';
import { upstreamOf, type Upstream, type Upstreams } from './upstream.ts';

export interface GatewayParts {
  readonly origins: () => ForeignOrigins;
  readonly passes: Passes;
  readonly upstreams: Upstreams;
  /** The command line's token, which goes to no application. */
  readonly platformToken: string;
  readonly log: Log;
  readonly patienceMs?: number;
}

interface Visitor {
  readonly place: ForeignPlace;
  readonly pass: Pass;
  readonly upstream: Upstream;
}

type Refusal = Omit<Note, 'framedBy'>;

const patienceMs = 60_000;
/** Of one origin at a time: a workspace's connection has room for more, which its commands and files need. */
const mostConnections = 256;

/**
 * The second door of the server, for pages of foreign code. It shares nothing with the console's but the process: another port, other names,
 * a pass of its own for every origin.
 */
export class Gateway {
  readonly server: Server;
  readonly #parts: GatewayParts;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.server = createServer({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: 15_000,
      // Uploads take as long as they take; who sends nothing is judged by `patienceMs`.
      requestTimeout: 0,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000,
    });
    this.server.maxConnections = 2_000;
    this.server.on('request', (request, response) => void this.#guarded(response, this.#serve(request, response)));
    this.server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      void this.#guarded(socket, this.#upgrade(request, socket, head));
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const place = this.#parts.origins().placeOf(request.headers.host ?? '');
    if (place && request.url?.startsWith(entryPath))
      return takeEntry(request, response, { ...this.#parts, place, isSecure: this.#isSecure(request) });
    const visitor = this.#admit(request, place, false);
    if (!('pass' in visitor)) return writeNote(response, { ...visitor, framedBy: ['http:', 'https:'] });
    const passed = await this.#passed(request, visitor, (passage) => {
      keepOpen(visitor.pass, response.socket ?? response);
      return forwardRequest(request, response, passage);
    });
    if (passed) writeNote(response, { ...passed, framedBy: consoleOf(visitor.pass) });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const place = this.#parts.origins().placeOf(request.headers.host ?? '');
    const visitor = this.#admit(request, place, true);
    if (!('pass' in visitor)) return refuseUpgrade(socket, visitor.status);
    const passed = await this.#passed(request, visitor, (passage) => {
      keepOpen(visitor.pass, socket);
      return forwardUpgrade(request, { socket, head }, passage);
    });
    if (passed) refuseUpgrade(socket, passed.status);
  }

  /** Who asks, or why they may not: host, kind of request, service, pass, then the page that made the browser ask. */
  #admit(request: IncomingMessage, place: ForeignPlace | null, upgrade: boolean): Visitor | Refusal {
    const { origins, upstreams, passes } = this.#parts;
    if (!place)
      return refusal(421, 'Not a preview', 'This address belongs to no workspace. Open previews from the console.');
    const upstream = upstreamOf(upstreams, place);
    if (!upstream) return refusal(404, 'Nothing of that name', 'This server has no such service for a workspace.');
    if (!request.url?.startsWith('/') || (upgrade && request.headers.upgrade?.toLowerCase() !== 'websocket'))
      return refusal(400, 'Not understood', 'Only paths of this address and WebSockets are served here.');
    const pass = passes.find(takePasses(request.headers.cookie).secrets, place);
    if (!pass)
      return refusal(401, 'This door is closed', 'Open the preview from the console again: it lets this browser in.');
    const publicOrigin = this.#publicOrigin(request);
    const whose = (origin: string): 'own' | 'friend' | 'foreign' => {
      if (origin === publicOrigin) return 'own';
      const other = URL.canParse(origin) ? origins().placeOf(new URL(origin).host) : null;
      const isFriend = other?.runId === place.runId && typeof other.service === 'number';
      return isFriend && upstream.calledBy === 'its workspace' ? 'friend' : 'foreign';
    };
    if (!isAllowedPage({ method: request.method ?? 'GET', headers: request.headers, upgrade, whose }))
      return refusal(403, 'Asked by another page', 'Only pages of this address may do that here.');
    if (pass.open.size >= mostConnections)
      return { ...refusal(429, 'Too many connections', 'This preview has too many requests open.'), againAfter: 3 };
    return { place, pass, upstream };
  }

  /** Connects and forwards; what a person must be told when that failed. */
  async #passed(
    request: IncomingMessage,
    { place, upstream, pass }: Visitor,
    forward: (passage: Passage) => Promise<Failure | null>,
  ): Promise<Refusal | null> {
    const { origins, platformToken } = this.#parts;
    const framedBy = consoleOf(pass);
    try {
      const stream = await upstream.connect(place);
      if (request.socket.destroyed) {
        stream.destroy();
        return null;
      }
      const failure = await forward({
        stream,
        origins: { public: this.#publicOrigin(request), inner: origins().innerOrigin(place), framedBy },
        platformToken,
        patienceMs: this.#parts.patienceMs ?? patienceMs,
      });
      if (failure === null) return null;
      stream.destroy();
      return failure === 'silent'
        ? refusal(504, 'No answer', `What listens on ${place.service} took the request and did not answer in time.`)
        : refusal(502, 'Broken answer', `What listens on ${place.service} broke off, or did not speak HTTP.`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const again = error.retryAfterSeconds === undefined ? {} : { againAfter: error.retryAfterSeconds };
      return { ...refusal(503, 'Nothing to show yet', error.message), ...again };
    }
  }

  #publicOrigin(request: IncomingMessage): string {
    return `${this.#isSecure(request) ? 'https' : 'http'}://${(request.headers.host ?? '').toLowerCase()}`;
  }

  #isSecure(request: IncomingMessage): boolean {
    return this.#parts.origins().isSecure(request.headers.host ?? '');
  }

  /** A fault of ours ends one connection and is seen in the log. */
  async #guarded(connection: { destroy(): void }, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#parts.log.error({ err: error }, 'the gateway failed');
      connection.destroy();
    }
  }
}

function refusal(status: number, title: string, sentence: string): Refusal {
  return { status, title, sentence };
}

function consoleOf(pass: Pass): readonly string[] {
  return pass.console === null ? [] : [pass.console];
}

function keepOpen(pass: Pass, connection: Duplex | ServerResponse): void {
  if (pass.open.has(connection)) return;
  pass.open.add(connection);
  connection.once('close', () => pass.open.delete(connection));
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} \r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
