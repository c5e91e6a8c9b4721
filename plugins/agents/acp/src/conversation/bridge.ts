import { basename } from 'node:path';
import { Readable, Writable, type Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { BackgroundProcess, Workspace } from '@devfactory/kit';
import { DomainError } from '@devfactory/kit';

/** What is started in the sandbox. */
export interface Started {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A folder of its own outside of the project, and what lies in it at first. */
  readonly home: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface Bridge {
  readonly input: WritableStream<Uint8Array>;
  readonly output: ReadableStream<Uint8Array>;
  /** What the program said beside the protocol, the end of it. */
  words(): string;
  /** The same of a program that ends: what it said last comes a little after its connection broke. */
  lastWords(): Promise<string>;
  end(): Promise<void>;
}

/**
 * Runs in the sandbox: lays the settings down, waits for the one connection from outside, and joins it to the program's input and output.
 * What it is to do comes over its standard input, because arguments can be read by everybody.
 */
const program = `
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
const { argv, env, home, files, socket } = JSON.parse(await text(process.stdin));
mkdirSync(home, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), content);
}
const server = createServer((peer) => {
  server.close();
  const child = spawn(argv[0], argv.slice(1), { env: { ...process.env, ...env, HOME: home }, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});
  peer.on('error', () => {});
  peer.pipe(child.stdin);
  child.stdout.pipe(peer);
  child.on('error', (error) => { console.error(error.message); process.exit(127); });
  child.on('exit', (code, signal) => { console.error('ended with ' + (code ?? signal)); peer.end(); });
  peer.on('close', () => process.exit());
});
rmSync(socket, { force: true });
server.listen(socket);
`;

const newline = 10;
/** The largest message: a file's text before and after a change, and more. */
const mostLineBytes = 16 * 1024 * 1024;
const lastWordsMs = 1000;
/** Long enough for a busy machine; a start takes about 50 ms. */
const patienceMs = 20_000;

/** Starts it and gives its input and output. Throws DomainError agent_not_started with its own words. */
export async function startBridged(workspace: Workspace, started: Started, signal: AbortSignal): Promise<Bridge> {
  const socket = `/tmp/${basename(started.home)}.sock`;
  const process = await workspace.start({
    argv: ['node', '--input-type=module', '--eval', program],
    stdin: JSON.stringify({ ...started, socket }),
    timeoutMs: 24 * 3600_000,
    outputBytes: 64 * 1024,
  });
  try {
    const peer = await connected(workspace, { socket, process, signal });
    const words = (): string => process.output().trim().slice(-2000);
    return {
      input: Writable.toWeb(peer) as WritableStream<Uint8Array>,
      output: (Readable.toWeb(peer) as ReadableStream<Uint8Array>).pipeThrough(linesUpTo(mostLineBytes)),
      words,
      lastWords: async () => {
        await Promise.race([process.exited.catch(() => undefined), pause(lastWordsMs, undefined, { ref: false })]);
        return words();
      },
      end: async () => {
        peer.destroy();
        await process.kill();
      },
    };
  } catch (error) {
    await process.kill();
    throw error;
  }
}

/** Ends a stream whose line has no end: it would be kept in memory until it has. */
function linesUpTo(most: number): TransformStream<Uint8Array, Uint8Array> {
  let open = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      const end = chunk.lastIndexOf(newline);
      open = end < 0 ? open + chunk.length : chunk.length - end - 1;
      if (open > most) controller.error(new Error(`The agent sent a message of more than ${most} bytes.`));
      else controller.enqueue(chunk);
    },
  });
}

async function connected(
  workspace: Workspace,
  at: { readonly socket: string; readonly process: BackgroundProcess; readonly signal: AbortSignal },
): Promise<Duplex> {
  let ended = false;
  const over = (): void => void (ended = true);
  at.process.exited.then(over, over);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    at.signal.throwIfAborted();
    try {
      return await workspace.connect({ socket: at.socket });
    } catch (error) {
      const waits = error instanceof DomainError && error.code === 'port_closed';
      if (waits && !ended && performance.now() < deadline) await pause(25);
      else if (!waits) throw error;
      else {
        throw new DomainError('agent_not_started', 'unavailable', {
          message: `The agent could not be started in the sandbox: ${at.process.output().trim().slice(-1000) || 'it said nothing'}`,
        });
      }
    }
  }
}
