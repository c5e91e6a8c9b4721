import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type ExportRequest } from '@devfactory/kit';
import { explainPush } from './explain-git.ts';
import { GitFailure, type Git } from './git.ts';
import { committer, writeCommit } from './write-commit.ts';

/** The run's branch of a repository. */
export interface Branch {
  /** Without a secret. */
  readonly url: string;
  readonly repository: string;
  readonly branch: string;
  readonly signal: AbortSignal;
  /** Milliseconds before the first repetition; doubled each time. */
  readonly retryMs: number;
}

export interface Place extends Branch {
  /** Where the branch is pushed to: the repository, or a fork of it. Without a secret. */
  readonly pushUrl: string;
  readonly base: string;
  /** Null where GitHub does not tell. */
  readonly mayWriteWorkflows: boolean | null;
}

export interface Pushed {
  readonly commit: string;
  /** Git's name of the approved tree. */
  readonly tree: string;
}

const attempts = 6;

/** Does it again, from its first look, when the line was cut or somebody was faster: the cut may have come after the deed. */
async function persistently<T>(place: Branch, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      const told = explainPush(error, place);
      const passing = told.code === 'github_unreachable' || told.code === 'github_branch_moved';
      if (!passing || attempt === attempts) throw told;
      await pause(place.retryMs * 2 ** (attempt - 1), undefined, { signal: place.signal });
    }
  }
}

/** Puts the approved tree on the run's branch, on top of what is there. Does nothing when it is there already. Throws github_*. */
export function pushTree(git: Git, place: Place, request: ExportRequest): Promise<Pushed> {
  return persistently(place, () => tryPush(git, place, request));
}

async function tryPush(git: Git, place: Place, request: ExportRequest): Promise<Pushed> {
  const heads = await remoteHeads(git, place.url);
  const pushed = place.pushUrl === place.url ? heads : await remoteHeads(git, place.pushUrl);
  const base = heads.size === 0 ? await plantBase(git, place) : heads.get(place.base);
  if (base === undefined)
    throw new DomainError('github_base_missing', 'invalid', {
      message: `${place.repository} has no branch "${place.base}" to make a pull request for. Name one that it has: github:${place.repository}#BRANCH.`,
    });
  const there = pushed.get(place.branch);
  const imported = importedCommit(place, request);
  const taken = request.base ?? null;
  const parent = there ?? taken ?? imported ?? base;
  await git.run([
    'fetch',
    '--quiet',
    '--no-tags',
    ...depthFor(place, request),
    there === undefined ? place.url : place.pushUrl,
    `+${parent}:refs/heads/parent`,
  ]);
  if (there !== undefined) await requireOurs(git, place, request);
  else await requireNothingLost(git, place, { request, imported: (taken ?? imported) !== null });
  const joins = there !== undefined && taken !== null && !(await hasTaken(git, taken));
  if (joins)
    await git.run([
      'fetch',
      '--quiet',
      '--no-tags',
      ...depthFor(place, request),
      place.url,
      `+${taken}:refs/heads/taken`,
    ]);
  const made = await writeCommit(git, {
    ref: 'refs/heads/result',
    parents: ['refs/heads/parent^0', ...(joins ? ['refs/heads/taken^0'] : [])],
    message: `${request.name.replaceAll(/\s+/g, ' ').trim()}\n\n${trailer(request)}\nDevFactory-Tree: ${request.tree.hash}\n${taken === null ? '' : `${baseTrailer(taken)}\n`}`,
    tree: request.tree,
  });
  const parentTree = (await git.run(['rev-parse', 'refs/heads/parent^{tree}'])).trim();
  if (parentTree === made.tree && there !== undefined && !joins) return { commit: there, tree: made.tree };
  if (parentTree === made.tree && request.tree.entries.length > 0)
    throw new DomainError('github_nothing_changed', 'conflict', {
      message: `${place.repository} holds exactly this tree already, so there is nothing to make a pull request of.`,
    });
  await requireWorkflowScope(git, place);
  request.progress?.({ phase: 'sending', done: 0, total: null });
  await git.run([
    'push',
    '--quiet',
    '--no-verify',
    '--no-thin',
    place.pushUrl,
    `${made.commit}:refs/heads/${place.branch}`,
  ]);
  return made;
}

/** Fetches the branch anew, whole and checked by git, and compares. Throws github_read_back. */
export async function readBack(git: Git, place: Place, pushed: Pushed): Promise<void> {
  await fetchBranch(git, { ...place, url: place.pushUrl });
  const names = await git.run(['rev-parse', 'refs/heads/arrived', 'refs/heads/arrived^{tree}']);
  const [commit, tree] = names.trim().split('\n');
  if (commit === pushed.commit && tree === pushed.tree) return;
  throw new DomainError('github_read_back', 'conflict', {
    message: `Branch ${place.branch} of ${place.repository} was read back and does not hold the approved tree: somebody changed it at the same moment. Look at it there, then deliver again.`,
  });
}

/** The run's branch as refs/heads/arrived, without what came before it. */
export async function fetchBranch(git: Git, place: Branch): Promise<void> {
  const from = `+refs/heads/${place.branch}:refs/heads/arrived`;
  await persistently(place, () => git.run(['fetch', '--quiet', '--no-tags', '--depth=1', place.url, from]));
}

async function remoteHeads(git: Git, url: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await git.run(['ls-remote', '--heads', url])).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, commit, name] = /^([0-9a-f]{40})\trefs\/heads\/(.+)$/.exec(line) ?? [];
      return commit !== undefined && name !== undefined ? [[name, commit] as const] : [];
    }),
  );
}

/** A repository without any commit has nothing that a pull request could be for: it gets an empty one. */
async function plantBase(git: Git, place: Place): Promise<string> {
  const tree = {
    hash: '',
    entries: [],
    read: () => {
      throw new Error('an empty tree has nothing to read');
    },
  };
  const { commit } = await writeCommit(git, { ref: 'refs/heads/base', parents: [], message: 'Begin\n', tree });
  await git.run(['push', '--quiet', '--no-verify', place.url, `${commit}:refs/heads/${place.base}`]);
  return commit;
}

function importedCommit(place: Place, { imported }: ExportRequest): string | null {
  return imported && sameAddress(imported.url, place.url) ? imported.commit : null;
}

function sameAddress(one: string, other: string): boolean {
  const plain = (address: string) =>
    address
      .toLowerCase()
      .replace(/\/+$/, '')
      .replace(/\.git$/, '');
  return plain(one) === plain(other);
}

/** Each commit on top of one that took a base in names it, too: a look at the last tells. */
async function hasTaken(git: Git, commit: string): Promise<boolean> {
  return (await git.run(['log', '-1', '--format=%B', 'refs/heads/parent'])).includes(`\n${baseTrailer(commit)}\n`);
}

/** A fork may lack what a base that was taken in stands on, and takes no history that is cut short. */
function depthFor(place: Place, { base }: ExportRequest): string[] {
  return base !== undefined && place.pushUrl !== place.url ? [] : ['--depth=1'];
}

function baseTrailer(commit: string): string {
  return `DevFactory-Base: ${commit}`;
}

function trailer({ runId }: ExportRequest): string {
  return `DevFactory-Run: ${runId}`;
}

/** Work of others on the branch is not built over: the tree knows nothing of it. */
async function requireOurs(git: Git, place: Place, request: ExportRequest): Promise<void> {
  const head = await git.run(['log', '-1', '--format=%cn <%ce>%n%B', 'refs/heads/parent']);
  if (head.startsWith(`${committer}\n`) && head.includes(`\n${trailer(request)}\n`)) return;
  throw new DomainError('github_branch_taken', 'conflict', {
    message: `Branch ${place.branch} of ${place.repository} has commits that are not from this run; delivering would undo them. Merge or remove them there, then deliver again.`,
  });
}

/** The tree is delivered exactly, so files that the run has never seen would be deleted: that is refused. */
async function requireNothingLost(
  git: Git,
  place: Place,
  { request, imported }: { readonly request: ExportRequest; readonly imported: boolean },
): Promise<void> {
  const listed = (await git.run(['ls-tree', '-r', '-z', 'refs/heads/parent']))
    .split('\0')
    .filter((line) => line !== '');
  const base = listed.map((line) => ({
    submodule: line.startsWith('160000'),
    path: line.slice(line.indexOf('\t') + 1),
  }));
  const ours = new Set(request.tree.entries.map(({ path }) => path));
  const lost = base.filter(({ path, submodule }) => (imported ? submodule : !ours.has(path)));
  if (lost.length === 0) return;
  const named = lost
    .slice(0, 5)
    .map(({ path }) => path)
    .join(', ');
  const more = lost.length > 5 ? ` and ${lost.length - 5} more` : '';
  throw imported
    ? new DomainError('github_submodules', 'unsupported', {
        message: `${place.repository} holds submodules (${named}${more}), which a delivered tree cannot carry. Take the ZIP, or begin with a repository without them.`,
      })
    : new DomainError('github_not_imported', 'conflict', {
        message: `${place.repository} holds files that this run has never seen (${named}${more}), and a pull request with exactly the approved tree would delete them. Begin a run with this repository as its source, or deliver to an empty one.`,
      });
}

async function requireWorkflowScope(git: Git, place: Place): Promise<void> {
  if (place.mayWriteWorkflows !== false) return;
  const changed = await git.run([
    'diff-tree',
    '-r',
    '-z',
    '--name-only',
    'refs/heads/parent',
    'refs/heads/result',
    '--',
    '.github/workflows',
  ]);
  const [first] = changed.split('\0');
  if (first === undefined || first === '') return;
  throw explainPush(new GitFailure(`refusing to allow a change of ${first}, a workflow`), place);
}
