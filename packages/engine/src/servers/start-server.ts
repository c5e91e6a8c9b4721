import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ToolServer } from '@devfactory/contracts';
import { DomainError, type BackgroundProcess, type Workspace } from '@devfactory/kit';

/** Runs in the sandbox: joins the one connection from outside to the server's input and output. What it starts comes over its own input. */
const program = `
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
const { command, args, env, socket } = JSON.parse(await text(process.stdin));
const listener = createServer((peer) => {
  listener.close();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});
  peer.on('error', () => {});
  peer.pipe(child.stdin);
  child.stdout.pipe(peer);
  child.on('error', (error) => { console.error(error.message); process.exit(127); });
  child.on('exit', (code, signal) => { console.error('ended with ' + (code ?? signal)); peer.end(); });
  peer.on('close', () => process.exit());
});
listener.listen(socket);
`;

const lifeMs = 24 * 60 * 60 * 1000;
const patienceMs = 20_000;

export interface StartedServer {
  readonly peer: Duplex;
  readonly process: BackgroundProcess;
}

/** A server's input and output as one stream. Throws DomainError server_not_started with its own words. */
export async function startServer(
  workspace: Workspace,
  server: ToolServer,
  signal: AbortSignal,
): Promise<StartedServer> {
  const { command, args, env } = server;
  const socket = `/tmp/mcp-${randomUUID().slice(0, 8)}.sock`;
  const process = await workspace.start({
    argv: ['node', '--input-type=module', '--eval', program],
    stdin: JSON.stringify({ command, args, env, socket }),
    timeoutMs: lifeMs,
    outputBytes: 16 * 1024,
  });
  let ended = false;
  const over = (): void => void (ended = true);
  process.exited.then(over, over);
  const deadline = performance.now() + patienceMs;
  try {
    for (;;) {
      signal.throwIfAborted();
      const peer = await workspace.connect({ socket }).catch((error: unknown) => {
        if (error instanceof DomainError && error.code === 'port_closed') return null;
        throw error;
      });
      if (peer) return { peer, process };
      if (ended || performance.now() > deadline)
        throw new DomainError('server_not_started', 'unavailable', {
          message: process.output().trim().slice(-500) || 'it said nothing',
        });
      await pause(25);
    }
  } catch (error) {
    await process.kill();
    throw error;
  }
}
