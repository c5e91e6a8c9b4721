import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@devfactory/kit';
import { writeDurably } from './write-durably.ts';

/** The installation's folder on this machine. */
export interface DataDirectory {
  readonly path: string;
  /** World-readable programs that other users of this machine's sandbox and database run. */
  readonly runtimeDir: string;
  /** Names this installation in leases and cookies; made once. */
  readonly installation: string;
}

/** Makes or opens the data directory. Throws data_dir_unusable. Call it with the directory held (holdDataDirectory). */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const real = await realpath(path);
  const runtimeDir = join(real, 'runtime');
  await mkdir(runtimeDir, { recursive: true });
  await chmod(runtimeDir, 0o755);
  return { path: real, runtimeDir, installation: await installationId(real) };
}

/** Only its owner may list or read it. As root, the users of database and sandboxes may walk through to what is theirs. */
export async function makeDataDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  } catch (error) {
    throw new DomainError('data_dir_unusable', 'unavailable', {
      message: `The data directory ${path} cannot be made or is not ours: ${error instanceof Error ? error.message : String(error)}. Choose another with --data-dir.`,
      cause: error,
    });
  }
}

async function installationId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'installation-id');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f-]{36}$/.test(known)) return known;
  const id = randomUUID();
  await writeDurably(file, id, 0o600);
  return id;
}
