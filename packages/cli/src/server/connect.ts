import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type Client } from '@devfactory/client';
import type { Invocation } from '../command.ts';
import { CliError, systemCode } from '../failure.ts';
import { dataDirectory } from './data-dir.ts';
import { requireFreePort, wantedPort } from './port.ts';
import { findServer, type RunningServer } from './running-server.ts';
import { startServerChild, type ServerChild } from './server-child.ts';

/** A server to speak to: one that runs for the data directory, or one of our own, which is stopped when the command is done. */
export interface Connection {
  readonly client: Client;
  readonly url: string;
  /** True when it was started for this command alone. */
  readonly own: boolean;
  /** A WebSocket of the server's, by its path. */
  readonly socket: (path: string) => WebSocket;
  /** Looks for a server again, and starts one when there is none: the one we had may have been that of another command. */
  readonly revive: () => Promise<void>;
  /** Ends a server of ours at once: for a second Ctrl-C. */
  readonly hurry: () => void;
}

/** Gives `use` a server, and stops one that is ours in order afterwards, however `use` ends. */
export async function withServer<T>(invocation: Invocation, use: (connection: Connection) => Promise<T>): Promise<T> {
  const link = new ServerLink(invocation);
  try {
    await link.revive();
    return await use(link);
  } finally {
    await link.close();
  }
}

/** Another command's server that is just starting or ending is waited for this long. */
const patienceMs = 20_000;
const mostAttempts = 3;

/** Node's own takes headers, which browsers' do not and the types leave out. */
const HeadedWebSocket = WebSocket as unknown as new (
  url: URL,
  init: { readonly headers: Readonly<Record<string, string>> },
) => WebSocket;

class ServerLink implements Connection {
  readonly client: Client;
  readonly #invocation: Invocation;
  readonly #dataDir: string;
  readonly #port: number;
  #server: RunningServer | null = null;
  #child: ServerChild | null = null;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    this.#dataDir = dataDirectory(invocation.arguments.text('data-dir'));
    this.#port = wantedPort(invocation.arguments.text('port'), 0);
    this.client = createClient({ baseUrl: '', fetch: this.#fetch });
  }

  get url(): string {
    return this.#found.url;
  }

  get own(): boolean {
    return this.#child !== null;
  }

  readonly revive = async (): Promise<void> => {
    const { arguments: given, terminal } = this.#invocation;
    await this.close();
    this.#server = await this.#find();
    if (!this.own && given.text('port') !== null && Number(new URL(this.url).port) !== this.#port) {
      terminal.talk(`Using the server that runs already: ${this.url}`);
    }
  };

  readonly socket = (path: string): WebSocket => {
    const { url, token } = this.#found;
    return new HeadedWebSocket(new URL(path, url.replace(/^http/, 'ws')), {
      headers: { authorization: `Bearer ${token}` },
    });
  };

  readonly hurry = (): void => this.#child?.kill();

  async close(): Promise<void> {
    this.#child?.stop();
    await this.#child?.exited;
    this.#child = null;
  }

  /** The server that runs, or ours. Another command's server may begin or end just now, which its lock tells. */
  async #find(): Promise<RunningServer> {
    for (let attempt = 1; ; attempt += 1) {
      const server = await findServer(this.#dataDir);
      if (server) return server;
      try {
        return await this.#start();
      } catch (error) {
        const isBusy = this.#isHeld() || (error instanceof CliError && error.message.includes('Another DevFactory'));
        if (attempt === mostAttempts || !isBusy) throw error;
        const deadline = Date.now() + patienceMs;
        while (this.#isHeld() && !(await findServer(this.#dataDir)) && Date.now() < deadline) await pause(100);
      }
    }
  }

  #isHeld(): boolean {
    return existsSync(join(this.#dataDir, 'instance.lock'));
  }

  async #start(): Promise<RunningServer> {
    const { terminal } = this.#invocation;
    if (this.#port !== 0) await requireFreePort(this.#port);
    terminal.talk(terminal.talkPaint.quiet(`Starting a server for this command (${this.#dataDir}).`));
    this.#child = await startServerChild({ dataDir: this.#dataDir, port: this.#port, log: 'kept' });
    const server = await findServer(this.#dataDir);
    if (!server) throw new CliError(`The server started but left no server.json in ${this.#dataDir}.`);
    return server;
  }

  /**
   * Paths lead to the server we have now. A request that it did not take goes to another one: ours may have ended with the command whose
   * it was. Streams are left out, since who reads one must know that it broke.
   */
  readonly #fetch: typeof fetch = async (path, init) => {
    const send = (): Promise<Response> => {
      const { url, token } = this.#found;
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(new URL(path instanceof Request ? path.url : path, url), { ...init, headers });
    };
    if (new Headers(init?.headers).get('accept') === 'text/event-stream') return send();
    const answer = await send().catch((error: unknown) => {
      if (init?.signal?.aborted === true || !(wasRefused(error) || init?.method === 'GET')) throw error;
      return null;
    });
    if (answer && !isFromClosing(answer)) return answer;
    await this.revive();
    return send();
  };

  get #found(): RunningServer {
    if (!this.#server) throw new Error('no server yet');
    return this.#server;
  }
}

/** It never arrived, so it may be sent again whatever it asks for. */
function wasRefused(error: unknown): boolean {
  return error instanceof Error && systemCode(error.cause) === 'ECONNREFUSED';
}

/** A server that closes answers before any route is reached; refusals of ours are problem documents. */
function isFromClosing({ status, headers }: Response): boolean {
  return status === 503 && headers.get('content-type')?.startsWith('application/problem+json') !== true;
}
