import { DomainError, type ExportRequest } from '@devfactory/kit';
import { z } from 'zod';
import type { GitHubApi } from './github-api.ts';

/** Of our own check run and commit status. */
export const statusName = 'AI DevFactory';
const label = 'ai-devfactory';
const CheckRuns = z.object({
  check_runs: z.array(z.object({ id: z.int(), external_id: z.string().nullable().optional() })),
});
const Anything = z.unknown();

interface About {
  readonly repository: string;
  /** The pull request. */
  readonly number: number;
  readonly commit: string;
  readonly runId: string;
  readonly requirements: ExportRequest['proof']['summary']['requirements'];
  /** Text of the pull request, which has the table of what is proven. */
  readonly body: string;
}

/**
 * Puts the verdicts beside the pull request: as a check run where the token is an app's, else as a commit status; and the label. Said
 * again it stands there once. What the repository does not take is given back as sentences: the delivery is as good without.
 */
export async function tellVerdicts(api: GitHubApi, about: About): Promise<string[]> {
  const notes: string[] = [];
  const told = api.isApp && (await allowed(() => checkRun(api, about))) === null;
  const refused = told ? null : await allowed(() => status(api, about));
  if (refused !== null)
    notes.push(
      `The verdicts are in the pull request's text alone: the token may not write commit statuses. ${refused}`,
    );
  const path = `/repos/${about.repository}/issues/${about.number}/labels`;
  const unlabelled = await allowed(() =>
    api.call({ method: 'POST', path, body: { labels: [label] }, schema: Anything, repeatable: true }),
  );
  if (unlabelled !== null) notes.push(`The pull request has no label "${label}". ${unlabelled}`);
  return notes;
}

/** Null, or why GitHub does not take it from this token. Throws what may pass. */
async function allowed(call: () => Promise<unknown>): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof DomainError && ['github_forbidden', 'github_missing', 'github_refused'].includes(error.code))
      return error.message;
    throw error;
  }
}

async function checkRun(api: GitHubApi, about: About): Promise<void> {
  const root = `/repos/${about.repository}`;
  const query = new URLSearchParams({ check_name: statusName, filter: 'latest' }).toString();
  const path = `${root}/commits/${about.commit}/check-runs?${query}`;
  const { data } = await api.call({ method: 'GET', path, schema: CheckRuns });
  const there = data.check_runs.find(({ external_id }) => external_id === about.runId);
  const { words, proven, accepted } = standing(about);
  const body = {
    name: statusName,
    head_sha: about.commit,
    external_id: about.runId,
    status: 'completed',
    conclusion: proven ? 'success' : accepted ? 'neutral' : 'failure',
    output: { title: words, summary: about.body },
  };
  const { head_sha: _, ...update } = body;
  if (there)
    await api.call({ method: 'PATCH', path: `${root}/check-runs/${there.id}`, body: update, schema: Anything });
  else await api.call({ method: 'POST', path: `${root}/check-runs`, body, schema: Anything });
}

/** A later status of the same name stands in the place of an earlier one. */
async function status(api: GitHubApi, about: About): Promise<void> {
  const { words, accepted } = standing(about);
  await api.call({
    method: 'POST',
    path: `/repos/${about.repository}/statuses/${about.commit}`,
    body: { context: statusName, state: accepted ? 'success' : 'failure', description: words.slice(0, 140) },
    schema: Anything,
    repeatable: true,
  });
}

/** What a person waived or accepted is not called proven, and stops nobody. */
function standing({ requirements }: About): {
  readonly words: string;
  readonly proven: boolean;
  readonly accepted: boolean;
} {
  const proven = requirements.filter((item) => item.status === 'proven').length;
  const byHand = requirements.filter((item) => ['waived', 'accepted'].includes(item.status));
  const rest = byHand.length === 0 ? '' : `; a person took ${byHand.map(({ id }) => id).join(', ')}`;
  return {
    words: `${proven} of ${requirements.length} requirements proven${rest}`,
    proven: proven === requirements.length && proven > 0,
    accepted: proven + byHand.length === requirements.length && requirements.length > 0,
  };
}
