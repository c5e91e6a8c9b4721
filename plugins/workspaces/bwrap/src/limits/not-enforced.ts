import type { WorkspaceLimits } from '@devfactory/kit';
import type { Groups } from './groups.ts';

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** The limits that this machine does not hold exactly, in words. */
export function notEnforced(groups: Groups, limits: WorkspaceLimits): string[] {
  const words: string[] = [];
  if (!groups.enforced.has('memory')) {
    words.push(
      `Memory: each process may use ${inMegabytes(limits.memoryBytes)}, but there is no limit for all together (no cgroup can be made here).`,
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
  // RLIMIT_AS would stop V8 and the JVM, which reserve much and use little; RLIMIT_DATA counts what can be written.
  if (!groups.enforced.has('memory')) words.push(`--data=${limits.memoryBytes}`);
  // In a user namespace of its own the kernel counts the sandbox's processes alone.
  if (!groups.enforced.has('processes')) words.push(`--nproc=${limits.processes}`);
  return [...words, '--'];
}
