import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DomainError } from '@devfactory/kit';

/** PostgreSQL refuses to run as root, and initdb wants a uid with an entry in passwd: as root it gets a user of its own. */
const name = 'devfactory-db';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Who runs the embedded database: null for ourselves, else the system user, which is made when missing. */
export async function databaseUser(): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const known = await find();
  if (known) return known;
  try {
    await promisify(execFile)('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      name,
    ]);
  } catch (error) {
    // Another start may have been faster; what counts is that the user is there.
    if (!(await find())) {
      throw new DomainError('database_user', 'unavailable', {
        message: `The system user ${name}, under which the embedded database runs, could not be made. Make it with: useradd --system --no-create-home ${name}`,
        cause: error,
      });
    }
  }
  const made = await find();
  if (!made)
    throw new DomainError('database_user', 'unavailable', {
      message: `The system user ${name} is not in /etc/passwd after it was made; set DATABASE_URL to use another PostgreSQL.`,
    });
  return made;
}

async function find(): Promise<SystemUser | null> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((text) => text.startsWith(`${name}:`));
  if (!line) return null;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
