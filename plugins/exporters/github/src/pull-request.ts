import { DomainError } from '@devfactory/kit';
import { z } from 'zod';
import { PullRequest, type GitHubApi } from './github-api.ts';

interface Wanted {
  readonly repository: string;
  readonly branch: string;
  /** Account that the branch is of. */
  readonly owner: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly commit: string;
}

const looks = 3;

/** Updates the pull request of the branch, or makes it. Gives its number. */
export async function upsertPullRequest(api: GitHubApi, wanted: Wanted): Promise<number> {
  for (let look = 1; ; look += 1) {
    const found = await find(api, wanted);
    if (found) return update(api, wanted, found);
    try {
      return await create(api, wanted);
    } catch (error) {
      // It may have been made after all: an answer lost on the way, or another delivery at the same moment. Only looking tells.
      const unsure =
        error instanceof DomainError &&
        ['github_unreachable', 'github_unavailable', 'github_refused', 'github_unexpected'].includes(error.code);
      if (!unsure || look === looks) throw error;
      if (error.code === 'github_refused' && !(await find(api, wanted))) throw error;
    }
  }
}

/** The open one; else one that holds exactly this commit already, merged or closed. */
async function find(api: GitHubApi, { repository, branch, owner, commit }: Wanted): Promise<PullRequest | null> {
  const query = new URLSearchParams({ state: 'all', head: `${owner}:${branch}`, per_page: '100' });
  const { data } = await api.call({
    method: 'GET',
    path: `/repos/${repository}/pulls?${query.toString()}`,
    schema: z.array(PullRequest),
  });
  return data.find(({ state }) => state === 'open') ?? data.find(({ head }) => head.sha === commit) ?? null;
}

async function update(api: GitHubApi, wanted: Wanted, found: PullRequest): Promise<number> {
  const merged = found.merged_at !== null && found.merged_at !== undefined;
  const { data } = await api.call({
    method: 'PATCH',
    path: `/repos/${wanted.repository}/pulls/${found.number}`,
    body: {
      title: wanted.title,
      body: wanted.body,
      // Somebody closed it and asks for the delivery again.
      ...(merged ? {} : { state: 'open', base: wanted.base }),
    },
    schema: PullRequest,
  });
  return data.number;
}

async function create(api: GitHubApi, wanted: Wanted): Promise<number> {
  const body = {
    title: wanted.title,
    body: wanted.body,
    head: isForeign(wanted) ? `${wanted.owner}:${wanted.branch}` : wanted.branch,
    base: wanted.base,
  };
  const post = async (draft: boolean): Promise<number> => {
    const { data } = await api.call({
      method: 'POST',
      path: `/repos/${wanted.repository}/pulls`,
      body: { ...body, draft },
      schema: PullRequest,
    });
    return data.number;
  };
  try {
    return await post(true);
  } catch (error) {
    // Private repositories of some plans have none.
    const noDrafts = error instanceof DomainError && error.code === 'github_refused' && /draft/i.test(error.message);
    if (!noDrafts) throw error;
    return post(false);
  }
}

function isForeign({ repository, owner }: Wanted): boolean {
  return owner.toLowerCase() !== repository.split('/')[0]?.toLowerCase();
}
