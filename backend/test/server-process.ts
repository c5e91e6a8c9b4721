import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunEvent, RunState } from '@devfactory/contracts';

const program = join(import.meta.dirname, '..', 'dist', 'serve.js');

/** The built server as a process of its own, which can be killed like in life. */
export class ServerProcess {
  /** What it wrote so far, its log included; that stands on our own standard error too, unless a test asked for a level. */
  readonly said: string[];
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  readonly #url: string;
  readonly #token: string;

  private constructor(place: { child: ChildProcess; said: string[]; dataDir: string; url: string; token: string }) {
    this.said = place.said;
    this.#child = place.child;
    this.#dataDir = place.dataDir;
    this.#url = place.url;
    this.#token = place.token;
  }

  static async start(dataDir: string, environment: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    if (!existsSync(program)) throw new Error('backend is not built: npm run build');
    const child = spawn(process.execPath, [program, '--data-dir', dataDir, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEVFACTORY_LOG: 'silent', ...environment },
    });
    const said: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      said.push(chunk.toString());
      if (environment['DEVFACTORY_LOG'] === undefined) process.stderr.write(chunk);
    });
    const line = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server ended with ${String(code)}`))),
    ]);
    const { url } = JSON.parse(line) as { url: string };
    return new ServerProcess({
      child,
      said,
      dataDir,
      url,
      token: (await readFile(join(dataDir, 'cli-token'), 'utf8')).trim(),
    });
  }

  async ask<T>(path: string, json?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  state(runId: string): Promise<RunState> {
    return this.ask(`/api/runs/${runId}`);
  }

  async events(runId: string): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    for (;;) {
      const page = await this.ask<{ events: RunEvent[] }>(
        `/api/runs/${runId}/log?limit=500&after=${events.at(-1)?.seq ?? 0}`,
      );
      if (page.events.length === 0) return events;
      events.push(...page.events);
    }
  }

  /** Resolves when the run has gone on to `seq`, or rests. */
  async until(runId: string, wished: (state: RunState) => boolean): Promise<RunState> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const state = await this.state(runId);
      if (wished(state)) return state;
      if (Date.now() > deadline)
        throw new Error(`run ${runId} stays at event ${state.seq}, ${JSON.stringify(state.stage)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /**
   * Watches a run from its first event on and kills this process as soon as the log comes to `seq`. Gives the event it was killed at;
   * null when the run came to rest before.
   */
  async killAt(runId: string, seq: number, rests: (event: RunEvent) => boolean): Promise<RunEvent | null> {
    const response = await fetch(`${this.#url}/api/runs/${runId}/events`, {
      headers: { authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(120_000),
    });
    const reader = response.body?.getReader();
    for (let text = ''; ;) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) throw new Error(`the stream of ${runId} ended`);
      text += Buffer.from(value as Uint8Array).toString();
      const seen = [...text.matchAll(/^event: run\ndata: (.*)\n\n/gm)].map(
        ([, data]) => JSON.parse(data ?? '') as RunEvent,
      );
      const goal = seen.find((event) => event.seq >= seq);
      const over = seen.some(rests);
      if (goal && !over) await this.kill({ database: false });
      if (!goal && !over) continue;
      await reader?.cancel().catch(() => undefined);
      return over ? null : (goal ?? null);
    }
  }

  /** As the kernel does when memory runs out: no goodbye. With `database` the postmaster goes at the same moment. */
  async kill({ database }: { readonly database: boolean }): Promise<void> {
    const gone = this.#gone();
    if (database) {
      const postmaster = Number(
        (await readFile(join(this.#dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
      );
      process.kill(postmaster, 'SIGKILL');
    }
    this.#child.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    const gone = this.#gone();
    this.#child.kill('SIGTERM');
    await gone;
  }

  async #gone(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}
