import type { Client } from '@devfactory/client';
import type { Invocation } from '../command.ts';
import { CliError } from '../failure.ts';
import { dataDirectory } from './data-dir.ts';
import { requireFreePort, wantedPort } from './port.ts';
import { findServer } from './running-server.ts';
import { startServerChild, type ServerChild } from './server-child.ts';

/** A server to speak to. `own` is true when it was started for this command alone. */
export interface Connection {
  readonly client: Client;
  readonly url: string;
  readonly dataDir: string;
  readonly own: boolean;
  /** Resolves when a server of ours has ended; null for one that is not ours. */
  readonly gone: Promise<unknown> | null;
  /** Ends the server at once: for a second Ctrl-C. Does nothing to a server that is not ours. */
  readonly hurry: () => void;
}

/**
 * Gives `use` a server: the one that runs for the data directory, or one of our own that is stopped in order afterwards, however `use` ends.
 */
export async function withServer<T>(invocation: Invocation, use: (connection: Connection) => Promise<T>): Promise<T> {
  const { arguments: given, terminal } = invocation;
  const dataDir = dataDirectory(given.text('data-dir'));
  const port = wantedPort(given.text('port'), 0);
  const running = await findServer(dataDir);
  if (running) {
    if (given.text('port') !== null && Number(new URL(running.url).port) !== port)
      terminal.talk(`Using the server that runs already: ${running.url}`);
    return use({ ...running, dataDir, own: false, gone: null, hurry: () => undefined });
  }
  if (port !== 0) await requireFreePort(port);
  terminal.talk(terminal.talkPaint.quiet(`Starting a server for this command (${dataDir}).`));
  const child = await startServerChild({
    dataDir,
    port,
    unsafeNoSandbox: given.flag('unsafe-no-sandbox'),
    log: 'kept',
  });
  try {
    const server = await findServer(dataDir);
    if (!server) throw new CliError(`The server started but left no server.json in ${dataDir}.`);
    return await use({ ...server, dataDir, own: true, gone: child.exited, hurry: child.kill });
  } finally {
    await stopped(child);
  }
}

async function stopped(child: ServerChild): Promise<void> {
  child.stop();
  await child.exited;
}
