import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createClient, type Client } from '@devfactory/client';
import type { CreateRunInput, RunState } from '@devfactory/contracts';

const program = join(import.meta.dirname, '..', '..', 'backend', 'dist', 'serve.js');
const patienceMs = 90_000;

/** The built server on a data directory of its own. It can be killed and started again, at the same address. */
export class Factory {
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #port = 0;
  #token = '';
  #client: Client | null = null;

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Factory> {
    if (!existsSync(program)) throw new Error('The server is not built: npm run build');
    const folder = await mkdtemp(join(tmpdir(), 'devfactory-e2e-'));
    // As root, sandboxes and database have users of their own, who must get through.
    await chmod(folder, 0o755);
    const factory = new Factory(folder, environment);
    await factory.startAgain();
    return factory;
  }

  /** Of the command line, as a bearer token. */
  get token(): string {
    return this.#token;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What the command line would ask, with its token. */
  get client(): Client {
    if (!this.#client) throw new Error('The server was never up.');
    return this.#client;
  }

  /** What a `kill -9` ended comes back here: same data, same port. */
  async startAgain(): Promise<void> {
    const dataDir = join(this.#folder, 'data');
    const { DATABASE_URL: _, ...env } = process.env;
    // With its stdin it ends by itself if this process is killed.
    const args = ['--data-dir', dataDir, '--port', String(this.#port), '--with-parent'];
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...env, DEVFACTORY_LOG: 'silent', ...this.#environment },
    });
    this.#child = child;
    const { port } = JSON.parse(await firstLine(child)) as { port: number };
    this.#port = port;
    this.#token = (await readFile(join(dataDir, 'cli-token'), 'utf8')).trim();
    this.#client = createClient({ baseUrl: this.url, token: this.#token });
  }

  /** As the kernel does when memory runs out: no goodbye. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async create(request: CreateRunInput): Promise<string> {
    return (await this.client.runs.create(request)).id;
  }

  /** Resolves with the state that is wished for; throws with where the run stands when it does not come. */
  async until(runId: string, wished: (state: RunState) => boolean, waitMs = patienceMs): Promise<RunState> {
    const deadline = AbortSignal.timeout(waitMs);
    for (let after = 0; ;) {
      const state = await this.client.runs.get(runId);
      if (wished(state)) return state;
      after = state.seq;
      for await (const event of this.client.followRun({ runId, after, signal: deadline })) {
        if (event.seq > after) break;
      }
      if (deadline.aborted) throw new Error(`${runId} stays at event ${after}: ${JSON.stringify(state.stage)}`);
    }
  }

  /** Why no run can be made on this machine; empty when one can. */
  async withoutSandbox(): Promise<string> {
    const sandbox = (await this.client.doctor()).find((check) => check.name === 'sandbox');
    return sandbox?.outcome === 'ok' ? '' : `no sandbox on this machine: ${sandbox?.found ?? ''} ${sandbox?.fix ?? ''}`;
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

/** The ready line, or everything that the server said when it ended instead. */
async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const lines = createInterface({ input: child.stdout as Readable });
  const line = once(lines, 'line').then(([text]) => String(text));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${String(code)}: ${said}`);
  });
  return Promise.race([line, ended]);
}
