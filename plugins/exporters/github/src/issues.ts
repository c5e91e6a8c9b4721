import { DomainError, type IssueList } from '@devfactory/kit';
import { z } from 'zod';
import type { GitHubApi } from './github-api.ts';
import { trusted } from './heard.ts';

const pageSize = 100;
const mostPages = 5;
const most = 100;

const Issue = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullable().optional(),
  user: z.object({ login: z.string() }).nullable().optional(),
  author_association: z.string().optional(),
  html_url: z.string(),
  /** GitHub lists pull requests as issues, too. */
  pull_request: z.unknown().optional(),
});
type Issue = z.infer<typeof Issue>;

/** Open issues of a repository, or those that are named, open or not. Asks only. Throws issue_missing, github_*. */
export async function issuesOf(
  api: GitHubApi,
  wish: { readonly repository: string; readonly label?: string | undefined; readonly numbers: readonly number[] },
): Promise<IssueList> {
  try {
    if (wish.numbers.length === 0) return await listed(api, wish);
    const issues = [];
    for (const number of new Set(wish.numbers)) issues.push(told(await named(api, { ...wish, number })));
    return { issues, more: false };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'github_forbidden') throw error;
    throw new DomainError('github_forbidden', 'forbidden', {
      message: `The token may not read the issues of ${wish.repository}. It needs read access to issues; an organisation may have to approve it first.`,
      cause: error,
    });
  }
}

async function listed(
  api: GitHubApi,
  { repository, label }: { readonly repository: string; readonly label?: string | undefined },
): Promise<IssueList> {
  const issues: Issue[] = [];
  const labels = label === undefined ? '' : `&labels=${encodeURIComponent(label)}`;
  let ended = false;
  for (let page = 1; page <= mostPages && !ended && issues.length <= most; page += 1) {
    const path = `/repos/${repository}/issues?state=open&per_page=${pageSize}&page=${page}${labels}`;
    const { data } = await api.call({ method: 'GET', path, schema: z.array(Issue) });
    issues.push(...data.filter((issue) => issue.pull_request === undefined));
    ended = data.length < pageSize;
  }
  return { issues: issues.slice(0, most).map(told), more: !ended || issues.length > most };
}

async function named(
  api: GitHubApi,
  { repository, number }: { readonly repository: string; readonly number: number },
): Promise<Issue> {
  const missing = (words: string): DomainError => new DomainError('issue_missing', 'not-found', { message: words });
  try {
    const path = `/repos/${repository}/issues/${number}`;
    const { data } = await api.call({ method: 'GET', path, schema: Issue });
    if (data.pull_request === undefined) return data;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'github_missing')
      throw missing(`There is no issue ${repository}#${number}, or the token may not see it.`);
    throw error;
  }
  throw missing(`${repository}#${number} is a pull request, and no issue.`);
}

function told(issue: Issue): IssueList['issues'][number] {
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    author: issue.user?.login ?? 'somebody',
    mayWrite: trusted.includes(issue.author_association ?? ''),
    url: issue.html_url,
  };
}
