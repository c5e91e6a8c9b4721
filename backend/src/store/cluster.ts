import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '@devfactory/kit';
import { digestOf } from '../server/digest.ts';
import { writeDurably } from '../server/write-durably.ts';
import { databaseUser, type SystemUser } from './system-user.ts';

const majorVersion = '18';
/** A socket's path has room for 107 bytes; some kernels and containers take less. */
const longestSocketFolder = 70;

/** One database cluster on this disk: where its files are, who runs it, how to open it. */
export interface Cluster {
  /** Real path, as PostgreSQL knows it. */
  readonly directory: string;
  readonly socketDir: string;
  readonly user: SystemUser | null;
  readonly password: string;
}

/** Finds the cluster of a data directory, or makes it. An interrupted start leaves nothing that looks like one. */
export async function openCluster(dataDir: string, programs: string): Promise<Cluster> {
  const user = await databaseUser();
  const directory = join(dataDir, 'postgres');
  const passwordFile = join(dataDir, 'postgres-password');
  await removeDrafts(dataDir);
  if (!(await exists(directory))) {
    await writeDurably(passwordFile, randomBytes(24).toString('hex'), 0o600);
    await initialise({ dataDir, directory, programs, user, passwordFile });
  }
  await requireVersion(directory);
  const real = await realpath(directory);
  return {
    directory: real,
    socketDir: await socketFolder(dataDir, user),
    user,
    password: await readPassword(passwordFile),
  };
}

async function initialise(place: {
  dataDir: string;
  directory: string;
  programs: string;
  user: SystemUser | null;
  passwordFile: string;
}): Promise<void> {
  const draft = await mkdtemp(join(place.dataDir, 'postgres-draft-'));
  // initdb reads the password as its own user, who must not read the data directory's file.
  const passwordCopy = `${draft}.pw`;
  await writeFile(passwordCopy, await readFile(place.passwordFile), { mode: 0o600 });
  if (place.user) {
    await chown(draft, place.user.uid, place.user.gid);
    await chown(passwordCopy, place.user.uid, place.user.gid);
  }
  try {
    await promisify(execFile)(
      join(place.programs, 'bin', 'initdb'),
      [
        '--pgdata',
        draft,
        '--username=devfactory',
        `--pwfile=${passwordCopy}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { ...place.user, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } },
    );
    await rename(draft, place.directory);
  } catch (error) {
    throw new DomainError('database_init', 'unavailable', {
      message: `The embedded database could not be set up in ${place.directory}: ${lastLines(error)}`,
      cause: error,
    });
  } finally {
    await rm(passwordCopy, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** The database's own user must be able to walk to its files: every folder above has to let others through. */
export async function requireReachable(dataDir: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  for (let folder = await realpath(dataDir); ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) {
      throw new DomainError('data_dir_closed', 'unavailable', {
        message: `The embedded database runs as its own user, who cannot walk through ${folder}. Take a data directory outside of it, e.g. --data-dir /var/lib/devfactory, or allow it: chmod o+x ${folder}`,
      });
    }
    if (folder === '/') return;
  }
}

async function requireVersion(directory: string): Promise<void> {
  const version = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  if (version === majorVersion) return;
  throw new DomainError('database_version', 'conflict', {
    message: `The database in ${directory} is of PostgreSQL ${version}, this version brings ${majorVersion}. Make a backup with the version that wrote it and restore it into an empty data directory.`,
  });
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new DomainError('database_password', 'unavailable', {
      message: `${file} with the database's password is missing or cannot be read; bring it back from where the data directory was copied.`,
      cause: error,
    });
  }
}

/** Beside the data where the path is short enough, else a private folder in the system's temporary one. */
async function socketFolder(dataDir: string, user: SystemUser | null): Promise<string> {
  const beside = join(await realpath(dataDir), 'postgres-socket');
  const owner = user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const folder =
    Buffer.byteLength(beside) <= longestSocketFolder
      ? beside
      : join(tmpdir(), `devfactory-${digestOf(beside).slice(0, 12)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || (found.uid !== owner.uid && found.uid !== process.getuid?.())) {
    throw new DomainError('database_socket', 'conflict', {
      message: `${folder} belongs to someone else (uid ${found.uid}); remove it and start again.`,
    });
  }
  await chown(folder, owner.uid, owner.gid);
  return folder;
}

async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith('postgres-draft-')) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function lastLines(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return text.trim().split('\n').slice(-3).join(' ');
}
