import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { CliError } from '../failure.ts';
import { dataDirectory } from '../server/data-dir.ts';
import { requireFreePort, wantedPort } from '../server/port.ts';
import { findServer, type RunningServer } from '../server/running-server.ts';
import { startServerChild, type ServerChild } from '../server/server-child.ts';
import { typed } from '../typed.ts';

export const up: Command = {
  name: 'up',
  about: 'start the server and print the address to open (the default)',
  words: '',
  count: { least: 0, most: 0 },
  options: {
    ...serverOptions,
    ...commonOptions,
    'no-ide': { about: 'without VS Code in the console, and fetch none' },
    port: { value: 'N', about: 'port (default $DEVFACTORY_PORT, else 7717); 0 is any free one' },
  },
  run: async (invocation) => {
    const { arguments: given, terminal } = invocation;
    const dataDir = dataDirectory(given.text('data-dir'));
    const port = wantedPort(given.text('port'));
    const running = await findServer(dataDir);
    if (running) {
      terminal.talk(`A server runs already for ${dataDir} (process ${running.pid}).`);
      await tellAddress(invocation, running, dataDir);
      return 0;
    }
    if (port !== 0) await requireFreePort(port);
    terminal.talk(terminal.talkPaint.quiet(`Starting (${dataDir}).`));
    const child = await startServerChild({ dataDir, port, log: 'shown', ide: !given.flag('no-ide') });
    const code = endOf(child);
    const server = await findServer(dataDir);
    if (!server) throw new CliError(`The server started but left no server.json in ${dataDir}.`);
    await tellAddress(invocation, server, dataDir);
    terminal.talk(`Serving ${dataDir}. Ctrl-C stops it; runs go on with the next start.`);
    return code;
  },
};

/** The address logs a browser in, once. */
async function tellAddress(
  { arguments: given, terminal }: Invocation,
  server: RunningServer,
  dataDir: string,
): Promise<void> {
  const loginUrl = await server.client.loginLink();
  terminal.out(
    given.flag('json')
      ? JSON.stringify({ type: 'ready', url: server.url, loginUrl, pid: server.pid, dataDir })
      : loginUrl,
  );
}

/** Ctrl-C ends the server in order, a second one at once. */
async function endOf(child: ServerChild): Promise<number> {
  let asked = false;
  const hear = (): void => {
    if (asked) child.kill();
    else child.stop();
    asked = true;
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  process.on('SIGHUP', hear);
  const code = await child.exited;
  if (asked) return 0;
  throw new CliError(
    `The server ended by itself (exit code ${code}); its last words are above. Runs are kept; start it again: ${typed('up')}`,
  );
}
