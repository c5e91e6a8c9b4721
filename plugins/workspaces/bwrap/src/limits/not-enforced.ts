import type { WorkspaceLimits } from '@devfactory/kit';
import type { Groups } from './groups.ts';

const reservedBytes = 1024 ** 3;

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** The limits that this machine does not hold exactly, in words. */
export function notEnforced(groups: Groups, limits: WorkspaceLimits): string[] {
  const words: string[] = [];
  if (!groups.enforced.has('memory')) {
    words.push(
      `Memory: watched, not walled: beyond ${inMegabytes(limits.memoryBytes)} the largest process is killed within a second (no cgroup can be made here).`,
    );
  }
  if (!groups.enforced.has('cpu')) words.push('CPU: no limit (no cgroup can be made here).');
  if (groups.freezer === null)
    words.push(
      'Processes go on while a checkpoint is read (no cgroup can be made here); files that change meanwhile are read again.',
    );
  words.push(
    `Disk: there is no quota; a workspace that grows beyond ${inMegabytes(limits.diskBytes)} or ${limits.files} files is ended within seconds.`,
  );
  return words;
}

/** Per-process limits, set with prlimit around the supervisor. They hold also where the cgroups do. */
export function processLimits(groups: Groups, limits: WorkspaceLimits): string[] {
  const words = ['prlimit', '--core=0', `--fsize=${limits.diskBytes}`];
  // RLIMIT_AS would stop V8 and the JVM, which reserve much and use little. RLIMIT_DATA counts less, but V8's room for code as well.
  if (!groups.enforced.has('memory')) words.push(`--data=${limits.memoryBytes + reservedBytes}`);
  // In a user namespace of its own the kernel counts the sandbox's processes alone.
  if (!groups.enforced.has('processes')) words.push(`--nproc=${limits.processes}`);
  return [...words, '--'];
}
