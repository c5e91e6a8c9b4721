import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, type ArrivedEntry, type MergedBase, type SourceTree } from '@devfactory/kit';
import { z } from 'zod';
import type { Access } from './access.ts';
import { ByteReader } from './byte-reader.ts';
import { explainPush } from './explain-git.ts';
import { Git, GitFailure } from './git.ts';
import { PullRequest } from './github-api.ts';
import { writeCommit } from './write-commit.ts';

const Commit = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
const Comparison = z.object({ base_commit: Commit, merge_base_commit: Commit });

interface Wish {
  readonly repository: string;
  /** The pull request's number. */
  readonly number: number;
  readonly tree: SourceTree;
  readonly directory: string;
  readonly signal: AbortSignal;
}

/**
 * Merges the branch that a pull request is for, as it is now, into a tree. Git does it on objects alone, in a bare repository: nothing is
 * checked out, and no filter or merge program of the repository's is run. Throws github_*.
 */
export async function mergeBase({ settings, redact, api }: Access, wish: Wish): Promise<MergedBase> {
  const { repository, number, tree, signal } = wish;
  const root = `/repos/${repository}`;
  const { data: pull } = await api.call({ method: 'GET', path: `${root}/pulls/${number}`, schema: PullRequest });
  const { head, base } = pull;
  if (!head.repo || head.ref === undefined || base === undefined)
    throw new DomainError('github_head_gone', 'conflict', { message: 'The branch of the pull request is gone.' });
  const owner = head.repo.full_name.split('/')[0] ?? '';
  const range = `${encodeURIComponent(base.ref)}...${encodeURIComponent(`${owner}:${head.ref}`)}`;
  const path = `${root}/compare/${range}?per_page=1`;
  const { data } = await api.call({ method: 'GET', path, schema: Comparison });
  const [theirs, common] = [data.base_commit.sha, data.merge_base_commit.sha];
  const directory = join(wish.directory, 'git');
  await mkdir(directory, { recursive: true });
  const git = await Git.create({ settings, redact, signal, directory });
  try {
    const url = `${settings.web}/${repository}.git`;
    await git.run(['fetch', '--quiet', '--no-tags', '--depth=1', url, `+${theirs}:refs/heads/theirs`]);
    await git.run(['fetch', '--quiet', '--no-tags', '--depth=1', url, `+${common}:refs/heads/common`]);
    const merged = await mergeTrees(git, tree);
    return { ...merged, branch: base.ref, commit: theirs };
  } catch (error) {
    throw error instanceof GitFailure ? explainPush(error, { repository }) : error;
  }
}

/** Both sides stand on the commit that they have in common, so that one commit of each is all that has to be fetched. */
async function mergeTrees(git: Git, tree: SourceTree): Promise<Pick<MergedBase, 'conflicts' | 'changes'>> {
  const ours = await writeCommit(git, {
    ref: 'refs/heads/ours',
    parents: ['refs/heads/common^0'],
    message: 'ours\n',
    tree,
  });
  const who = ['-c', 'user.name=AI DevFactory', '-c', 'user.email=devfactory@localhost'];
  const theirs = await git.run([
    ...who,
    'commit-tree',
    '-p',
    'refs/heads/common',
    '-m',
    'theirs',
    'refs/heads/theirs^{tree}',
  ]);
  const said = await git.run(
    [
      'merge-tree',
      '--write-tree',
      '--name-only',
      '--no-messages',
      '--allow-unrelated-histories',
      '-z',
      'refs/heads/ours',
      theirs.trim(),
    ],
    { ends: [0, 1] },
  );
  const [merged = '', ...conflicts] = said.split('\0').filter((part) => part !== '');
  const listed = await git.run(['diff-tree', '-r', '-z', '--no-renames', ours.tree, merged]);
  const changes = changesIn(listed);
  const submodule = changes.find(({ mode }) => mode === '160000');
  if (submodule)
    throw new DomainError('github_submodules', 'unsupported', {
      message: `The base has a submodule at ${submodule.path} by now, which a delivered tree cannot carry.`,
    });
  return { conflicts: [...new Set(conflicts)], changes: contents(git, changes) };
}

interface Change {
  /** Null for what was removed. */
  readonly mode: string | null;
  readonly object: string;
  readonly path: string;
}

function changesIn(listed: string): Change[] {
  const parts = listed.split('\0');
  const changes: Change[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode = '', object = '', status = ''] =
      /^:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) (\w)/.exec(parts[at] ?? '') ?? [];
    changes.push({ mode: status === 'D' ? null : mode, object, path: parts[at + 1] ?? '' });
  }
  return changes;
}

/** What is removed comes first, for it may make room. */
async function* contents(git: Git, changes: readonly Change[]): MergedBase['changes'] {
  for (const { mode, path } of changes) if (mode === null) yield { type: 'removed', path };
  const kept = changes.filter(({ mode }) => mode !== null);
  if (kept.length === 0) return;
  const bytes = new ByteReader(git.stream(['cat-file', '--batch'], { input: lines(kept) }));
  try {
    for (const { mode, path } of kept) {
      const size = Number(/^[0-9a-f]{40} blob (\d+)$/.exec(await bytes.line())?.[1]);
      if (!Number.isSafeInteger(size)) throw new Error(`git has no bytes of ${path}`);
      yield await entryOf({ mode, path }, bytes.take(size));
      // A line's end after each.
      for await (const _ of bytes.take(1));
    }
  } finally {
    await bytes.end();
  }
}

async function entryOf(
  { mode, path }: { readonly mode: string | null; readonly path: string },
  bytes: AsyncIterable<Uint8Array>,
): Promise<ArrivedEntry> {
  if (mode !== '120000') return { type: 'file', path, executable: mode === '100755', bytes };
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return { type: 'symlink', path, target: Buffer.concat(chunks).toString() };
}

async function* lines(changes: readonly Change[]): AsyncIterable<string> {
  for (const { object } of changes) yield `${object}\n`;
}
