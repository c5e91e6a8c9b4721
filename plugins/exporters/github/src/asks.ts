import { DomainError, type AskPlace, type RunAsk } from '@devfactory/kit';
import { z } from 'zod';
import type { Door } from './access.ts';
import type { GitHubApi } from './github-api.ts';
import { allPages } from './pages.ts';
import { readSetUp } from './settings.ts';

const Account = z.object({ login: z.string() }).nullable().optional();
const Issue = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullable().optional(),
  user: Account,
  html_url: z.string(),
  /** GitHub lists pull requests as issues, too. */
  pull_request: z.unknown().optional(),
});
type Issue = z.infer<typeof Issue>;
const IssueEvent = z.object({
  id: z.int(),
  event: z.string().nullable().optional(),
  actor: Account,
  label: z.object({ name: z.string() }).optional(),
  created_at: z.string(),
});
const Comment = z.object({
  id: z.int(),
  body: z.string().nullable().optional(),
  user: Account,
  html_url: z.string(),
  created_at: z.string(),
});
const Permission = z.object({ permission: z.string() });
const Anything = z.unknown();

type Wish = Parameters<AskPlace['asked']>[0];

export interface AskOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly door: Door;
  readonly retryMs?: number;
}

/** Issues of the GitHub that the server is set up for, which may begin runs. */
export function gitHubAsks({ environment, door, retryMs = 500 }: AskOptions): AskPlace {
  return {
    async asked(wish, signal) {
      const { api } = await door.open({ repository: wish.repository, signal, retryMs });
      const repository = new AskedRepository(api, wish);
      return [...(await repository.labelled()), ...(await repository.commented())].toSorted((a, b) =>
        a.at.localeCompare(b.at),
      );
    },
    async answer({ repository, number, mark, text }, signal) {
      const { api } = await door.open({ repository, signal, retryMs });
      const path = `/repos/${repository}/issues/${number}/comments`;
      const sign = `<!-- devfactory:${mark} -->`;
      // An answer that was lost on the way may stand there all the same.
      const there = await allPages(api, path, Comment);
      if (there.some(({ body }) => body?.includes(sign))) return;
      await api.call({ method: 'POST', path, body: { body: `${text}\n\n${sign}` }, schema: Anything });
    },
    address: (repository) => `${readSetUp(environment).web}/${repository}`,
  };
}

type Told = RunAsk & { readonly at: string };

/** One look at what is asked for in a repository. */
class AskedRepository {
  readonly #api: GitHubApi;
  readonly #wish: Wish;
  readonly #root: string;
  readonly #writers = new Map<string, boolean | null>();

  constructor(api: GitHubApi, wish: Wish) {
    this.#api = api;
    this.#wish = wish;
    this.#root = `/repos/${wish.repository}`;
  }

  /** Who puts a label on is asked about, not who wrote the issue: a form for issues may put labels on for anybody. */
  async labelled(): Promise<Told[]> {
    const { label, changedSince, since } = this.#wish;
    const query = new URLSearchParams({ state: 'open', labels: label, since: changedSince.toISOString() });
    const issues = await allPages(this.#api, `${this.#root}/issues?${query.toString()}`, Issue);
    const told: Told[] = [];
    for (const issue of issues.filter(({ pull_request }) => pull_request === undefined)) {
      const events = await allPages(this.#api, `${this.#root}/issues/${issue.number}/events`, IssueEvent);
      const labelling = events.findLast(
        (item) => item.event === 'labeled' && item.label?.name.toLowerCase() === label.toLowerCase(),
      );
      if (!labelling || Date.parse(labelling.created_at) < since.getTime()) continue;
      const { id, actor, created_at: at } = labelling;
      told.push(
        await this.#told(issue, { key: `labelled:${id}`, what: 'issue', by: actor, said: '', at, url: issue.html_url }),
      );
    }
    return told;
  }

  async commented(): Promise<Told[]> {
    const { changedSince, since } = this.#wish;
    const query = new URLSearchParams({ sort: 'updated', direction: 'asc', since: changedSince.toISOString() });
    const comments = await allPages(this.#api, `${this.#root}/issues/comments?${query.toString()}`, Comment);
    const told: Told[] = [];
    for (const { id, body, user, html_url: url, created_at: at } of comments) {
      const said = /^\s*\/devfactory\b\s*([^]*)$/.exec(body ?? '')?.[1]?.trim();
      const number = Number(/\/issues\/(\d+)(?:#|$)/.exec(url)?.[1]);
      // Below a pull request of ours it is a word about that one.
      if (said === undefined || !Number.isSafeInteger(number) || Date.parse(at) < since.getTime()) continue;
      const { data } = await this.#api.call({ method: 'GET', path: `${this.#root}/issues/${number}`, schema: Issue });
      if (data.pull_request === undefined)
        told.push(await this.#told(data, { key: `comment:${id}`, what: 'comment', by: user, said, at, url }));
    }
    return told;
  }

  async #told(
    issue: Issue,
    ask: Pick<RunAsk, 'key' | 'what' | 'said' | 'url'> & { readonly by: z.infer<typeof Account>; readonly at: string },
  ): Promise<Told> {
    const { by, ...rest } = ask;
    return {
      ...rest,
      number: issue.number,
      title: issue.title,
      body: issue.body ?? '',
      author: issue.user?.login ?? 'somebody',
      asker: by?.login ?? 'somebody',
      mayWrite: by ? await this.#mayWrite(by.login) : false,
    };
  }

  /** What GitHub itself says of the right to write here: neither a member of an organisation nor a collaborator need have it. */
  async #mayWrite(login: string): Promise<boolean | null> {
    const known = this.#writers.get(login);
    if (known !== undefined) return known;
    const may = await this.#askWriter(login);
    this.#writers.set(login, may);
    return may;
  }

  async #askWriter(login: string): Promise<boolean | null> {
    const path = `${this.#root}/collaborators/${encodeURIComponent(login)}/permission`;
    try {
      const { data } = await this.#api.call({ method: 'GET', path, schema: Permission });
      return ['admin', 'write'].includes(data.permission);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'github_missing') return false;
      if (error instanceof DomainError && error.code === 'github_forbidden') return null;
      throw error;
    }
  }
}
