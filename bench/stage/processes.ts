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

/** Bytes of memory. `own`: shared pages are split among those who share them, so that a sum counts each page once. */
export async function memoryOf(pids: readonly number[]): Promise<{ readonly own: number; readonly resident: number }> {
  let [own, resident] = [0, 0];
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    own += kilobytes(text, 'Pss') * 1024;
    resident += kilobytes(text, 'Rss') * 1024;
  }
  return { own, resident };
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
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}
