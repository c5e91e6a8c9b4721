import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../server/write-durably.ts';
import { newToken } from './tokens.ts';

/** The token by which local programs of the same user come in: kept in a file that only they can read. */
export async function cliToken(dataDir: string): Promise<string> {
  const file = join(dataDir, 'cli-token');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (/^dfc_[\w-]{43}$/.test(known.trim())) {
    await chmod(file, 0o600);
    return known.trim();
  }
  const token = newToken('dfc');
  await writeDurably(file, token, 0o600);
  return token;
}
