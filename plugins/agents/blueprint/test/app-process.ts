import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface AppCommand {
  readonly argv: (port: number) => readonly string[];
  readonly cwd: string;
}

/** A generated app as a real process on a free port. */
export class AppProcess {
  readonly #command: AppCommand;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #output = '';
  url = '';

  constructor(command: AppCommand, env: Readonly<Record<string, string>>) {
    this.#command = command;
    this.#env = env;
  }

  async start(): Promise<void> {
    const port = await freePort();
    const [program = '', ...args] = this.#command.argv(port);
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...this.#env,
      PORT: String(port),
      HOST: '127.0.0.1',
    };
    const child = spawn(program, args, { cwd: this.#command.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
    const deadline = Date.now() + 60_000;
    while (!(await answers(this.url))) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`the app does not answer:\n${this.#output}`);
      await new Promise((resolve) => void setTimeout(resolve, 25));
    }
  }

  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    return child.exitCode;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
