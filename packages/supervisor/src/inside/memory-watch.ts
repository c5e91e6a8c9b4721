import { readdirSync, readFileSync } from 'node:fs';
import { signal } from './process-tree.ts';

const tickMs = 200;
const pageBytes = 4096;

/**
 * Stands in for a cgroup where none can be made: adds up what the processes inside hold for themselves, and kills the largest
 * when it is too much. A process that is faster than the tick meets its own limit first.
 */
export function watchMemory(limitBytes: number): void {
  setInterval(() => {
    const held = privateMemory();
    const total = held.reduce((sum, { bytes }) => sum + bytes, 0);
    const [largest] = held.sort((a, b) => b.bytes - a.bytes);
    if (total > limitBytes && largest) signal(largest.pid, 'SIGKILL');
  }, tickMs).unref();
}

function privateMemory(): { readonly pid: number; readonly bytes: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return [];
    try {
      const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number);
      return [{ pid, bytes: (resident - shared) * pageBytes }];
    } catch {
      return [];
    }
  });
}
