import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem, RunEvent, RunState } from '@devfactory/contracts';
import { Client } from 'pg';
import { startServer, type RunningServer, type ServerOptions } from '../src/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; whatever the test expects it to be. */
  readonly json: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the CLI's token. */
  readonly as?: 'cli' | 'nobody';
}

/** A whole factory with a database of its own, in a temporary folder. */
export class Factory {
  readonly dataDir: string;
  readonly token: string;
  server: RunningServer;

  private constructor(place: { dataDir: string; token: string; server: RunningServer }) {
    this.dataDir = place.dataDir;
    this.token = place.token;
    this.server = place.server;
  }

  static async start(options: Partial<ServerOptions> = {}): Promise<Factory> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'devfactory-test-')));
    const server = await startServer({ port: 0, logLevel: 'silent', ...options, dataDir }).catch(
      async (error: unknown) => {
        if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
        throw error;
      },
    );
    return new Factory({ dataDir, token: (await readFile(join(dataDir, 'cli-token'), 'utf8')).trim(), server });
  }

  async ask(path: string, { method, json, body, headers = {}, as = 'cli' }: Ask = {}): Promise<Answer> {
    const sent = json === undefined ? body : JSON.stringify(json);
    const response = await fetch(`${this.server.url}${path}`, {
      method: method ?? (sent === undefined ? 'GET' : 'POST'),
      redirect: 'manual',
      headers: {
        ...(as === 'cli' ? { authorization: `Bearer ${this.token}` } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  }

  async create(request: object): Promise<string> {
    const answer = await this.ask('/api/runs', { json: request });
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
    return (answer.json as { id: string }).id;
  }

  async state(id: string): Promise<RunState> {
    return (await this.ask(`/api/runs/${id}`)).json as RunState;
  }

  command(id: string, command: object): Promise<Answer> {
    return this.ask(`/api/runs/${id}/commands`, { json: command });
  }

  async log(id: string): Promise<RunEvent[]> {
    return ((await this.ask(`/api/runs/${id}/log?limit=1000`)).json as { events: RunEvent[] }).events;
  }

  /** Waits until the run's state is as wished. */
  async until(id: string, wished: (state: RunState) => boolean, timeoutMs = 40_000): Promise<RunState> {
    return eventually(async () => {
      const state = await this.state(id);
      if (!wished(state)) throw new Error(`run ${id} is ${JSON.stringify(state.stage)}`);
      return state;
    }, timeoutMs);
  }

  /** Speaks SQL to the embedded database, as an administrator would. */
  async sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const password = (await readFile(join(this.dataDir, 'postgres-password'), 'utf8')).trim();
    const client = new Client({
      host: join(this.dataDir, 'postgres-socket'),
      user: 'devfactory',
      password,
      database: 'postgres',
    });
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  async postmaster(): Promise<number> {
    return Number((await readFile(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  }

  /** Ends the server and starts it again on the same data. */
  async restart(options: Partial<ServerOptions> = {}): Promise<void> {
    await this.server.close();
    this.server = await startServer({ port: 0, logLevel: 'silent', ...options, dataDir: this.dataDir });
  }

  async end(): Promise<void> {
    await this.server.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

export function problem(answer: Answer): Problem {
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json'))
    throw new Error(`no problem: ${answer.status} ${answer.text}`);
  return answer.json as Problem;
}

/** Tries again until it does not throw. */
export async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 20_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A script whose plan asks a question, so that the run waits without needing a sandbox for checks. */
export const planOnly = {
  plan: [
    {
      calls: [
        {
          tool: 'propose_requirements',
          input: {
            summary: 'One file.',
            requirements: [
              {
                text: 'There is a hello.txt that says hello',
                checks: [
                  { title: 'hello.txt says hello', spec: { kind: 'file', path: 'hello.txt', includes: ['hello'] } },
                ],
              },
            ],
          },
        },
        { tool: 'finish', input: {} },
      ],
    },
  ],
  work: [
    {
      calls: [
        { tool: 'write', input: { path: 'hello.txt', content: 'hello\n' } },
        { tool: 'finish', input: {} },
      ],
    },
  ],
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
