import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/**
 * Only its owner may list or read it. As root, the users of database and sandboxes may walk through to what is theirs. A
 * folder that holds other things is refused before anything in it is touched. Throws data_dir_unusable, data_dir_foreign.
 */
export async function makeDataDirectory(path: string): Promise<void> {
  try {
    await makeFolder(path, 0o700);
    await requireOurs(path);
    await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('data_dir_unusable', 'invalid', {
      message: `The data directory ${path} cannot be made or is not ours: ${error instanceof Error ? error.message : String(error)}. Choose another with --data-dir.`,
      cause: error,
    });
  }
}

/** One folder after the other: Node's own recursive mkdir never ends in a place that takes no folders, as /proc. */
async function makeFolder(path: string, mode: number): Promise<void> {
  const known = await stat(path).catch(() => null);
  if (known?.isDirectory() === true) return;
  if (dirname(path) !== path) await makeFolder(dirname(path), 0o755);
  await mkdir(path, { mode });
}

/** What an installation makes before it has its id, and what a fresh disk holds. */
const early = /^(instance\..*|runtime|lost\+found)$/;

async function requireOurs(path: string): Promise<void> {
  const entries = await readdir(path);
  const others = entries.filter((name) => !early.test(name));
  if (others.length === 0 || entries.includes('installation-id')) return;
  const some = others.slice(0, 3).join(', ') + (others.length > 3 ? ', …' : '');
  throw new DomainError('data_dir_foreign', 'invalid', {
    message: `${path} holds other things (${some}) and no data of DevFactory. Choose an empty or a new folder with --data-dir.`,
  });
}

async function installationId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'installation-id');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f-]{36}$/.test(known)) return known;
  const id = randomUUID();
  await writeDurably(file, id, 0o600);
  return id;
}
