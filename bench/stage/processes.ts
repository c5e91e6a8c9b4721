import { readdir, readFile } from 'node:fs/promises';

/** Linux counts processor time in these, on every machine that we run on. */
const tickMs = 10;

/** A process and all that descend from it. */
export async function processTree(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const fields = /^\d+$/.test(name) ? await statFields(Number(name)) : null;
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

export interface Memory {
  /** Each page counted once, however many of these processes share it. What strangers share with them counts too. */
  readonly once: number;
  /** Each page counted for each process that has it, as `ps` shows it. */
  readonly resident: number;
}

/** Bytes of memory that these hold. Pages of a program's file are counted once by their largest share in one process. */
export async function memoryOf(pids: readonly number[]): Promise<Memory> {
  let [own, resident] = [0, 0];
  const files = new Map<string, number>();
  for (const pid of pids) {
    const sums = await readProc(pid, 'smaps_rollup');
    own += kilobytes(sums, 'Pss_Anon') + kilobytes(sums, 'Pss_Shmem');
    resident += kilobytes(sums, 'Rss');
    for (const [file, size] of filePages(await readProc(pid, 'smaps'))) {
      files.set(file, Math.max(files.get(file) ?? 0, size));
    }
  }
  const mapped = [...files.values()].reduce((sum, size) => sum + size, 0);
  return { once: (own + mapped) * 1024, resident: resident * 1024 };
}

/** Bytes of one process, with pages that several share counted in equal parts. */
export async function proportionalMemoryOf(pid: number): Promise<number> {
  return kilobytes(await readProc(pid, 'smaps_rollup'), 'Pss') * 1024;
}

/** The program as it was called; empty when the process is gone. */
export async function programOf(pid: number): Promise<string> {
  return (await readProc(pid, 'cmdline')).split('\0')[0] ?? '';
}

/** Kilobytes of unchanged pages by the file that they are of. Memory that only looks like a file is left out. */
function filePages(smaps: string): Map<string, number> {
  const pages = new Map<string, number>();
  for (const mapping of smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const file = /^\S+ \S+ \S+ \S+ \d+ +(\/.*)$/m.exec(mapping.slice(0, mapping.indexOf('\n')))?.[1];
    if (file === undefined || /^\/(dev\/|SYSV|memfd:)/.test(file)) continue;
    pages.set(file, (pages.get(file) ?? 0) + kilobytes(mapping, 'Rss') - kilobytes(mapping, 'Anonymous'));
  }
  return pages;
}

/** Milliseconds of processor time that these have used so far. */
export async function processorMs(pids: readonly number[]): Promise<number> {
  let ticks = 0;
  for (const pid of pids) {
    const fields = await statFields(pid);
    if (fields) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * tickMs;
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

/** What follows the name in /proc/PID/stat (the name may hold spaces and brackets); null when the process is gone. */
async function statFields(pid: number): Promise<string[] | null> {
  const text = await readProc(pid, 'stat');
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Empty when the process is gone. */
function readProc(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}
