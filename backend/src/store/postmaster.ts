import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

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

/**
 * Waits until no process of a dead postmaster stands in the directory any more: they end themselves, and a new server beside them would
 * be refused, or, without the pid file, would share their files. False when some are still there after `timeoutMs`.
 */
export async function orphansEnded(directory: string, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (await isInUse(directory)) {
    if (performance.now() > deadline) return false;
    await pause(50);
  }
  return true;
}

async function isInUse(directory: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => serves(Number(pid), directory)));
  return found.includes(true);
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
