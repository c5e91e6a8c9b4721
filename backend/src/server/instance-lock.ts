import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';

/** A process, told apart from a later one with the same number. */
const Holder = z.object({ pid: z.int(), started: z.string(), boot: z.string() });
type Holder = z.infer<typeof Holder>;

/**
 * Makes this process the only one on the data directory; what is returned ends that. A killed holder leaves a file that
 * the next one sees to be stale. Throws data_dir_busy.
 */
export async function holdDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, 'instance.lock');
  const draft = join(dataDir, `instance.${randomBytes(6).toString('hex')}`);
  const content = JSON.stringify(await thisProcess());
  await writeFile(draft, content, { mode: 0o600 });
  try {
    // A hard link appears whole or not at all, and never over another.
    while (!(await linked(draft, file))) await removeStale(file, dataDir);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readFile(file, 'utf8').catch(() => '')) === content) await rm(file, { force: true });
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(file: string, dataDir: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  const holder = parse(text);
  if (holder && (await lives(holder))) throw busy(dataDir, holder);
  // Moved aside under a name of our own and looked at again: between reading and moving another may have taken over.
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  if (
    !(await rename(file, aside).then(
      () => true,
      () => false,
    ))
  )
    return;
  const moved = await readFile(aside, 'utf8');
  if (moved !== text) await linked(aside, file);
  await rm(aside, { force: true });
}

function busy(dataDir: string, holder: Holder): DomainError {
  return new DomainError('data_dir_busy', 'conflict', {
    message: `Another DevFactory (process ${holder.pid}) uses the data directory ${dataDir}. Use that one, stop it, or choose another directory with --data-dir.`,
  });
}

function parse(text: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function thisProcess(): Promise<Holder> {
  return { pid: process.pid, started: await startTime(process.pid), boot: await bootId() };
}

async function lives(holder: Holder): Promise<boolean> {
  return holder.boot === (await bootId()) && holder.started === (await startTime(holder.pid).catch(() => ''));
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/** Clock ticks after boot at which the process began: field 22 of its stat, counted after the name, which may hold spaces. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
