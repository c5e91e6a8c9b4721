import { execFileSync } from 'node:child_process';
import type { Pull } from './forge-shapes.ts';

/** Folder of a repository. */
type FolderOf = (repository: string) => string;

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', HOME: cwd } })
    .toString()
    .trim();
}

/** Where a branch (`BASE...OWNER:BRANCH`) left its base. The branch of a fork is looked at there, where the base may be older than here. */
export function compared(
  folder: FolderOf,
  repository: string,
  range: string,
): { readonly sha: string; readonly common: string } {
  const [, base = '', owner = '', branch = ''] = /^(.*)\.\.\.(.*):(.*)$/.exec(range) ?? [];
  const from = `${owner}/${repository.split('/')[1] ?? ''}`;
  const sha = git(folder(repository), 'rev-parse', `refs/heads/${base}`);
  if (from !== repository) git(folder(from), 'fetch', '-q', folder(repository), sha);
  return { sha, common: git(folder(from), 'merge-base', sha, `refs/heads/${branch}`) };
}

/** As GitHub says it: 'dirty' where git cannot merge it, 'behind' where a rule wants the base taken in. */
export function mergeableState(folder: FolderOf, pull: Pull, wantsBaseTakenIn: boolean): string {
  const at = folder(pull.from);
  const base = git(folder(pull.repository), 'rev-parse', `refs/heads/${pull.base}`);
  if (pull.from !== pull.repository) git(at, 'fetch', '-q', folder(pull.repository), base);
  try {
    git(at, 'merge-tree', '--write-tree', `refs/heads/${pull.branch}`, base);
  } catch {
    return 'dirty';
  }
  const common = git(at, 'merge-base', base, `refs/heads/${pull.branch}`);
  return wantsBaseTakenIn && common !== base ? 'behind' : 'clean';
}
