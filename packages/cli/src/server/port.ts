import { once } from 'node:events';
import { createServer } from 'node:net';
import { CliError, systemCode, UsageError } from '../failure.ts';

const defaultPort = 7717;

/** The port to serve on, from the option or DEVFACTORY_PORT. Throws UsageError. */
export function wantedPort(option: string | null, otherwise: number = defaultPort): number {
  const text = option ?? process.env['DEVFACTORY_PORT'] ?? '';
  if (text === '') return otherwise;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new UsageError(`'${text}' is no port: use a number from 0 (any free one) to 65535.`);
  return port;
}

/** Throws CliError when something listens there already: said now, it costs no start of a database. */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen(port, '127.0.0.1');
    await listening;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EADDRINUSE') {
      throw new CliError(
        `Port ${port} is in use by another program. Use another one (--port ${port === 65_535 ? port - 1 : port + 1}, or --port 0 for any that is free), or stop that program.`,
        { cause: error },
      );
    }
    if (code === 'EACCES')
      throw new CliError(
        `Port ${port} needs more rights than this user has. Use one above 1023: --port ${defaultPort}`,
        { cause: error },
      );
    throw error;
  } finally {
    server.close();
  }
}
