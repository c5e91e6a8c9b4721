import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RunId, TerminalNote } from '@devfactory/contracts';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import { admitUpgrade, type GateParts } from '../auth/gate.ts';
import type { Session, SessionStore } from '../auth/session.store.ts';
import type { Editing } from '../edits/open-editing.ts';
import { problemOf } from '../http/problem-of.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Log } from '../server/log.ts';
import type { Listener } from '../store/listener.ts';
import { TerminalId } from './terminal-id.ts';
import type { Terminal } from './terminal.ts';
import type { Terminals } from './terminals.ts';
import { Viewer } from './viewer.ts';

export interface TerminalSocketsParts {
  readonly terminals: Terminals;
  readonly editing: Editing;
  readonly sessions: SessionStore;
  readonly listener: Listener;
  readonly gate: GateParts;
  readonly log: Log;
}

const address = /^\/api\/runs\/([^/]+)\/terminals\/([^/]+)\/socket$/;
/** Several people type into files of a run; which of them, the messages say. */
const editing = /^\/api\/runs\/([^/]+)\/workspace\/shared$/;
const From = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const pingMs = 30_000;
/** Closed because whoever opened it is no longer logged in. */
const loggedOut = 4401;

interface Admitted {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly session: Session | null;
}

/** The server's WebSockets: terminals' screens and keyboards, and files that several people type into. Whoever may not have one gets a problem instead of it. */
export class TerminalSockets {
  readonly #parts: TerminalSocketsParts;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024, perMessageDeflate: false });
  readonly #sessions = new Map<WebSocket, string | null>();
  readonly #alive = new WeakSet<WebSocket>();
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;

  constructor(parts: TerminalSocketsParts) {
    this.#parts = parts;
    this.#stopListening = parts.listener.on('session_ended', () => void this.#closeLoggedOut());
    this.#timer = setInterval(() => this.#look(), pingMs).unref();
  }

  /** For the HTTP server's `upgrade`: takes every one of them. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    this.#open(request, socket, head).catch((error: unknown) => this.#refuse(socket, error));
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#timer);
    for (const socket of this.#sessions.keys()) socket.terminate();
  }

  async #open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { session, actor } = await admitUpgrade(request, this.#parts.gate);
    const url = new URL(request.url ?? '/', 'http://here');
    const [, runId, terminalId] = address.exec(url.pathname) ?? [];
    const [, editedId] = editing.exec(url.pathname) ?? [];
    const run = RunId.safeParse(runId ?? editedId);
    const admitted = { request, socket, head, session };
    if (request.method === 'GET' && run.success && editedId !== undefined) {
      const typist = { runId: run.data, actor };
      const asked = new Request(url, { headers: { host: url.host } });
      return this.#admit(admitted, (web) => this.#parts.editing.shared.connect(web, asked, typist));
    }
    const id = TerminalId.safeParse(terminalId);
    const from = From.safeParse(url.searchParams.get('from') ?? undefined);
    if (request.method !== 'GET' || !run.success || !id.success || !from.success)
      throw new HttpProblem(404, 'not_found', { detail: 'There is no WebSocket at this address.' });
    const terminal = this.#parts.terminals.find(run.data, id.data);
    this.#admit(admitted, (web) => join(web, terminal, from.data ?? null));
  }

  #admit({ request, socket, head, session }: Admitted, use: (web: WebSocket) => void): void {
    this.#server.handleUpgrade(request, socket, head, (web) => {
      this.#sessions.set(web, session?.hash ?? null);
      web.on('close', () => this.#sessions.delete(web));
      use(web);
      this.#alive.add(web);
      web.on('pong', () => this.#alive.add(web));
    });
  }

  #refuse(socket: Duplex, error: unknown): void {
    const answer = problemOf(error);
    if (!answer) this.#parts.log.error({ err: error }, 'a terminal’s socket could not be opened');
    const body = JSON.stringify(answer ?? {});
    socket.end(
      [
        `HTTP/1.1 ${answer?.status ?? 500} Refused`,
        'Connection: close',
        'Content-Type: application/problem+json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  async #closeLoggedOut(): Promise<void> {
    try {
      const hashes = [...new Set(this.#sessions.values())].filter((hash) => hash !== null);
      if (hashes.length === 0) return;
      const ended = new Set<string | null>(await this.#parts.sessions.ended(hashes));
      for (const [socket, hash] of this.#sessions) if (ended.has(hash)) socket.close(loggedOut);
    } catch {
      // The database is away: the next look asks again.
    }
  }

  /** Ends connections whose other side is gone without a word, and those of sessions that ran out. */
  #look(): void {
    for (const socket of this.#sessions.keys()) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
    void this.#closeLoggedOut();
  }
}

function join(socket: WebSocket, terminal: Terminal, from: number | null): void {
  const viewer = new Viewer(
    terminal,
    {
      bytes: (bytes) => socket.send(bytes),
      word: (word) => socket.send(JSON.stringify(word)),
      end: () => socket.close(1000),
    },
    from,
  );
  socket.on('close', terminal.attach(viewer));
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    const bytes = bufferOf(data);
    if (isBinary) return terminal.type(bytes);
    const note = TerminalNote.safeParse(parse(bytes));
    if (!note.success) return socket.close(1003);
    if ('size' in note.data) void terminal.resize(note.data.size);
    else viewer.hasShown(note.data.shown);
  });
}

function bufferOf(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
