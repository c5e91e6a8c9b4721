import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type ExportRequest } from '@devfactory/kit';
import { z } from 'zod';
import type { GitHubApi } from './github-api.ts';

export type GitHubDestination = ExportRequest['destination'] & { readonly kind: 'github' };

const Repository = z.object({
  full_name: z.string(),
  default_branch: z.string().min(1),
  archived: z.boolean().optional(),
  permissions: z.object({ push: z.boolean() }).optional(),
});
type Repository = z.infer<typeof Repository>;
const Account = z.object({ login: z.string() });
const Fork = z.object({
  full_name: z.string(),
  fork: z.boolean().optional(),
  parent: z.object({ full_name: z.string() }).optional(),
});
const Anything = z.unknown();

/** The repository that the pull request is for. */
export interface Home extends Repository {
  /** What a classic token may do; null where GitHub does not tell. */
  readonly scopes: readonly string[] | null;
}

/** Looks at the repository. Throws github_missing and the like, github_moved, github_archived. */
export async function lookAt(api: GitHubApi, wanted: string): Promise<Home> {
  const { data, headers } = await api.call({ method: 'GET', path: `/repos/${wanted}`, schema: Repository });
  if (data.full_name.toLowerCase() !== wanted.toLowerCase())
    throw new DomainError('github_moved', 'conflict', {
      message: `${wanted} has moved. Deliver to its new OWNER/REPO.`,
    });
  if (data.archived)
    throw new DomainError('github_archived', 'conflict', {
      message: `${wanted} is archived, so nothing can be pushed. Unarchive it, or deliver elsewhere.`,
    });
  const scopes = headers.get('x-oauth-scopes');
  return { ...data, scopes: scopes?.split(',').map((scope) => scope.trim()) ?? null };
}

/** The same, made when it is not there and the destination says so. */
export async function lookOrMake(api: GitHubApi, { repository, create }: GitHubDestination): Promise<Home> {
  try {
    return await lookAt(api, repository);
  } catch (error) {
    if (create === undefined || !(error instanceof DomainError) || error.code !== 'github_missing') throw error;
  }
  const [owner = '', name = ''] = repository.split('/');
  const path = (await isMine(api, owner)) ? '/user/repos' : `/orgs/${owner}/repos`;
  try {
    await api.call({ method: 'POST', path, body: { name, private: create === 'private' }, schema: Anything });
  } catch (error) {
    // It may be there after all: an answer that was lost, or another delivery at the same moment. Looking tells.
    if (!(error instanceof DomainError)) throw error;
    const found = await lookAt(api, repository).catch(() => null);
    if (found) return found;
    throw new DomainError('github_not_made', error.kind, {
      message: `${repository} is not there and could not be made: the token needs to be allowed to make repositories there (fine-grained: administration, write). ${error.message}`,
      cause: error,
    });
  }
  return lookAt(api, repository);
}

async function isMine(api: GitHubApi, owner: string): Promise<boolean> {
  return (await login(api))?.toLowerCase() === owner.toLowerCase();
}

/** Null for the token of an app, which is nobody's. */
async function login(api: GitHubApi): Promise<string | null> {
  try {
    return (await api.call({ method: 'GET', path: '/user', schema: Account })).data.login;
  } catch (error) {
    if (error instanceof DomainError && ['github_forbidden', 'github_missing'].includes(error.code)) return null;
    throw error;
  }
}

const forkLooks = 30;

/** The repository that may be pushed to: itself, or a fork of the token's account, which is made when there is none. */
export async function pushable(
  api: GitHubApi,
  home: Home,
  { signal, retryMs }: { readonly signal: AbortSignal; readonly retryMs: number },
): Promise<string> {
  if (home.permissions?.push !== false) return home.full_name;
  const mine = await login(api);
  if (mine === null) throw mayNotPush(home, null);
  try {
    // Asked again it gives the fork that is there.
    const path = `/repos/${home.full_name}/forks`;
    const { data } = await api.call({
      method: 'POST',
      path,
      body: { default_branch_only: true },
      schema: Fork,
      repeatable: true,
    });
    // A fork is made in the background.
    for (let look = 1; ; look += 1) {
      const found = await api
        .call({ method: 'GET', path: `/repos/${data.full_name}`, schema: Fork })
        .catch((error: unknown) => {
          if (error instanceof DomainError && error.code === 'github_missing' && look < forkLooks) return null;
          throw error;
        });
      if (found && found.data.parent?.full_name.toLowerCase() !== home.full_name.toLowerCase())
        throw new DomainError('github_no_fork', 'conflict', {
          message: `${data.full_name} is no fork of ${home.full_name}.`,
        });
      if (found) return found.data.full_name;
      await pause(Math.min(retryMs * look, 5000), undefined, { signal });
    }
  } catch (error) {
    if (error instanceof DomainError && error.code === 'github_forbidden') throw mayNotPush(home, error);
    throw error;
  }
}

function mayNotPush({ full_name }: Home, cause: DomainError | null): DomainError {
  return new DomainError('github_forbidden', 'forbidden', {
    message: `The token may read ${full_name} but neither push to it nor fork it. Use one with write access to contents and pull requests.`,
    cause,
  });
}
