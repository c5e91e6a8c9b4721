import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What PostgreSQL wrote about itself into its data directory. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDir: string;
  readonly port: number;
}

/** The postmaster that serves this data directory now, whoever started it; null when there is none. */
export async function livingPostmaster(directory: string): Promise<Postmaster | null> {
  const said = await readPidFile(directory);
  return said && (await serves(said.pid, directory)) ? said : null;
}

/** True when a pid file is there whose process is another one: after a crash the number may have been given anew. */
export async function hasStalePidFile(directory: string): Promise<boolean> {
  const said = await readPidFile(directory);
  return said !== null && !(await serves(said.pid, directory));
}

export function pidFile(directory: string): string {
  return join(directory, 'postmaster.pid');
}

/** PostgreSQL's processes stand in their data directory, so the kernel tells whether a pid is one of them. */
export async function serves(pid: number, directory: string): Promise<boolean> {
  try {
    const [place, name] = await Promise.all([readlink(`/proc/${pid}/cwd`), readFile(`/proc/${pid}/comm`, 'utf8')]);
    return place === directory && name.trim() === 'postgres';
  } catch {
    return false;
  }
}

async function readPidFile(directory: string): Promise<Postmaster | null> {
  let text: string;
  try {
    text = await readFile(pidFile(directory), 'utf8');
  } catch {
    return null;
  }
  const [pid, , , port, socketDir] = text.split('\n');
  return { pid: Number(pid), port: Number(port), socketDir: socketDir ?? '' };
}
