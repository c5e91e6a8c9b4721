import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The data directory, by the same rule as the server's own. */
export function dataDirectory(option: string | null): string {
  if (option !== null) return resolve(option);
  const { DEVFACTORY_DATA_DIR: named, XDG_DATA_HOME: home } = process.env;
  if (named) return resolve(named);
  if (process.getuid?.() === 0) return '/var/lib/devfactory';
  return join(home || join(homedir(), '.local', 'share'), 'devfactory');
}
