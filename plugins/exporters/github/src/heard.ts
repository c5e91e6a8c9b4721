import { DomainError, type Heard, type HeardWords } from '@devfactory/kit';
import { z } from 'zod';
import { PullRequest, type GitHubApi } from './github-api.ts';
import { allPages } from './pages.ts';
import { statusName } from './verdicts.ts';

const pageSize = 100;
/** Words of others than these are not heard: anybody may write below a public pull request. */
export const trusted: readonly string[] = ['OWNER', 'MEMBER', 'COLLABORATOR'];
const longestWords = 4000;
const mostNotes = 20;

const Author = z.object({ login: z.string() }).nullable();
const CheckRuns = z.object({
  check_runs: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string().nullable().optional(),
      output: z
        .object({ title: z.string().nullable().optional(), summary: z.string().nullable().optional() })
        .optional(),
    }),
  ),
});
const Combined = z.object({
  statuses: z.array(
    z.object({
      context: z.string(),
      state: z.string(),
      description: z.string().nullable().optional(),
      target_url: z.string().nullable().optional(),
    }),
  ),
});
const Notes = z.array(z.object({ path: z.string(), start_line: z.int(), message: z.string().nullable() }));
const Review = z.object({
  id: z.int(),
  state: z.string(),
  body: z.string().nullable(),
  user: Author,
  author_association: z.string().optional(),
  html_url: z.string().optional(),
});
const ReviewComment = z.object({
  id: z.int(),
  pull_request_review_id: z.int().nullable().optional(),
  path: z.string(),
  line: z.int().nullable().optional(),
  body: z.string(),
  user: Author,
  author_association: z.string().optional(),
  html_url: z.string().optional(),
});
const Comment = z.object({
  id: z.int(),
  body: z.string().nullable().optional(),
  user: Author,
  author_association: z.string().optional(),
  html_url: z.string().optional(),
});

/** What checks and people with write access say about the pull request. Asks only, changes nothing. Throws github_*. */
export async function heardAbout(api: GitHubApi, repository: string, number: number): Promise<Heard> {
  const root = `/repos/${repository}`;
  const { data: pull } = await api.call({ method: 'GET', path: `${root}/pulls/${number}`, schema: PullRequest });
  if (pull.state === 'closed') return { settled: pull.merged_at ? 'merged' : 'closed', words: [] };
  const asked = { api, root, number };
  const words = [
    await heardChecks(asked, pull.head.sha),
    ...(await heardReviews(asked)),
    ...(await heardComments(asked)),
  ];
  return { settled: null, words: words.filter((item) => item !== null), base: advanced(pull) };
}

/** A base that only went on is merged by GitHub; one that conflicts, or that a rule wants taken in first, is not. */
function advanced({ head, base, mergeable_state: state }: PullRequest): NonNullable<Heard['base']> | null {
  const why = state === 'dirty' ? 'conflict' : state === 'behind' ? 'behind' : null;
  return why === null || base === undefined
    ? null
    : { key: `base:${head.sha}:${why}`, branch: base.ref.slice(0, 200), why };
}

interface Asked {
  readonly api: GitHubApi;
  readonly root: string;
  readonly number: number;
}

/** Fine-grained tokens may not read checks: then there are only statuses. */
async function unlessForbidden<T>(call: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DomainError && ['github_forbidden', 'github_missing'].includes(error.code)) return otherwise;
    throw error;
  }
}

/** One message for a commit, once nothing of it runs any more: half of the results would cost a turn of their own. */
async function heardChecks({ api, root }: Asked, commit: string): Promise<HeardWords | null> {
  const at = `${root}/commits/${commit}`;
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    (await api.call({ method: 'GET', path: `${path}?per_page=${pageSize}`, schema })).data;
  const { check_runs } = await unlessForbidden(get(`${at}/check-runs`, CheckRuns), { check_runs: [] });
  const { statuses } = await unlessForbidden(get(`${at}/status`, Combined), { statuses: [] });
  const runs = check_runs.filter(({ name }) => name !== statusName);
  const others = statuses.filter(({ context }) => context !== statusName);
  if (runs.some(({ status }) => status !== 'completed') || others.some(({ state }) => state === 'pending')) return null;
  const redRuns = runs.filter(({ conclusion }) => ['failure', 'timed_out'].includes(conclusion ?? ''));
  const redStatuses = others.filter(({ state }) => ['failure', 'error'].includes(state));
  if (redRuns.length + redStatuses.length === 0) return null;
  const parts = [];
  for (const { id, name, output } of redRuns.slice(0, mostNotes)) {
    const notes = await unlessForbidden(get(`${root}/check-runs/${id}/annotations`, Notes), []);
    const lines = notes.slice(0, mostNotes).map((note) => `${note.path}:${note.start_line}: ${note.message ?? ''}`);
    const said = [output?.title, output?.summary, ...lines].filter(
      (text) => text !== null && text !== undefined && text !== '',
    );
    parts.push({
      title: `The check ${JSON.stringify(name)} failed on commit ${commit.slice(0, 12)}.`,
      quote: cut(said.join('\n')),
    });
  }
  for (const { context, description } of redStatuses.slice(0, mostNotes))
    parts.push({
      title: `The check ${JSON.stringify(context)} failed on commit ${commit.slice(0, 12)}.`,
      quote: cut(description ?? ''),
    });
  const url = redRuns[0]?.html_url ?? redStatuses[0]?.target_url ?? '';
  return { key: `checks:${commit}`, what: 'checks', author: 'checks', url, parts };
}

/** A review with the comments that belong to it. An approval without a comment asks for nothing. */
async function heardReviews({ api, root, number }: Asked): Promise<HeardWords[]> {
  const comments = (await allPages(api, `${root}/pulls/${number}/comments`, ReviewComment)).filter(isTrusted);
  // After the comments: a review that is submitted meanwhile would leave its comments without it.
  const reviews = await allPages(api, `${root}/pulls/${number}/reviews`, Review);
  const known = new Set(reviews.map(({ id }) => id));
  const alone = comments.filter(({ pull_request_review_id: id }) => id === null || id === undefined || !known.has(id));
  const ofReviews = reviews.filter(isTrusted).flatMap((review): HeardWords[] => {
    const own = comments.filter((comment) => comment.pull_request_review_id === review.id);
    const body = review.body ?? '';
    if (review.state === 'PENDING' || (own.length === 0 && (body === '' || review.state === 'APPROVED'))) return [];
    const title = `${name(review)} reviewed the pull request${review.state === 'CHANGES_REQUESTED' ? ' and asks for changes' : ''}.`;
    const parts = [{ title, quote: cut(body) }, ...own.slice(0, mostNotes).map(partOf)];
    return [{ key: `review:${review.id}`, what: 'review', author: name(review), url: review.html_url ?? '', parts }];
  });
  const single = alone.map((comment): HeardWords => {
    const { id, html_url: url = '' } = comment;
    return { key: `comment:${id}`, what: 'comment', author: name(comment), url, parts: [partOf(comment)] };
  });
  return [...ofReviews, ...single];
}

/** Below the pull request people also talk to each other: what is meant for the factory says so. */
async function heardComments({ api, root, number }: Asked): Promise<HeardWords[]> {
  const comments = await allPages(api, `${root}/issues/${number}/comments`, Comment);
  return comments.filter(isTrusted).flatMap((comment): HeardWords[] => {
    const said = /^\s*\/devfactory\b\s*([^]*)$/.exec(comment.body ?? '')?.[1]?.trim() ?? '';
    if (said === '') return [];
    const parts = [{ title: `${name(comment)} wrote below the pull request.`, quote: cut(said) }];
    return [{ key: `said:${comment.id}`, what: 'comment', author: name(comment), url: comment.html_url ?? '', parts }];
  });
}

function partOf(comment: z.infer<typeof ReviewComment>): HeardWords['parts'][number] {
  const line = comment.line ? `, line ${comment.line}` : '';
  return { title: `${name(comment)} wrote about ${JSON.stringify(comment.path)}${line}.`, quote: cut(comment.body) };
}

function isTrusted({ author_association: of }: { readonly author_association?: string | undefined }): boolean {
  return trusted.includes(of ?? '');
}

function name({ user }: { readonly user: z.infer<typeof Author> }): string {
  return user?.login.slice(0, 100) ?? 'somebody';
}

function cut(text: string): string {
  return text.length > longestWords ? `${text.slice(0, longestWords).toWellFormed()}…` : text.toWellFormed();
}
