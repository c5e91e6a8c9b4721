import { parseArgs } from 'node:util';
import { DomainError } from '@devfactory/kit';
import { optionsFrom, type ServerOptions } from './server/options.ts';
import { startServer, type RunningServer } from './server/start-server.ts';

/** `node dist/serve.js --data-dir DIR --port N`: one line of JSON on stdout when it is up, the log on stderr, ends on SIGTERM. Exit code 2: what was asked for cannot be. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      'no-ide': { type: 'boolean' },
      /** End when stdin closes: whoever started us is gone. */
      'with-parent': { type: 'boolean' },
    },
  });
  const given: Partial<ServerOptions> = {
    ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
    ...(values.port === undefined ? {} : { port: portOf(values.port) }),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values['no-ide'] === true ? { ide: false } : {}),
  };
  const starting = startServer(optionsFrom(process.env, given));
  endInOrder(starting, { withParent: values['with-parent'] ?? false });
  const { url, loginUrl, port } = await starting;
  process.stdout.write(`${JSON.stringify({ ready: true, url, loginUrl, port })}\n`);
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new DomainError('invalid_port', 'invalid', { message: `--port ${text} is no port; use 0 to 65535.` });
}

/** Also while it still starts: what was opened is closed. */
function endInOrder(starting: Promise<RunningServer>, { withParent }: { readonly withParent: boolean }): void {
  const end = async () => {
    const server = await starting.catch(() => null);
    await server?.close();
    process.exit(server ? 0 : 1);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
  if (withParent) process.stdin.once('close', () => void end()).resume();
}

try {
  await main();
} catch (error) {
  // What the domain knows is told in a sentence; a bug keeps its stack.
  process.stderr.write(
    `devfactory: ${error instanceof DomainError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(error instanceof DomainError && error.kind === 'invalid' ? 2 : 1);
}
