import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compared, git, mergeableState } from './forge-git.ts';
import {
  changedSince,
  headOf,
  type Answer,
  type Asked,
  type CheckRun,
  type ForgeIssue,
  type Pull,
  type Status,
} from './forge-shapes.ts';

type Route = readonly [method: string, path: RegExp, answer: (asked: Asked, ...parts: string[]) => Answer];

const missing: Answer = { status: 404, body: { message: 'Not Found' } };
const forbidden: Answer = { status: 403, body: { message: 'Resource not accessible by personal access token' } };

/** What of GitHub's API a delivery calls, on repositories below `root`. */
export class ForgeApi {
  readonly pulls: Pull[] = [];
  /** By commit. */
  readonly statuses = new Map<string, Status[]>();
  readonly checkRuns: CheckRun[] = [];
  /** What others said about pull requests, by what is asked: 'reviews', 'comments', 'said' (below it), and checks of a commit. */
  readonly reviews: object[] = [];
  readonly comments: object[] = [];
  readonly said: object[] = [];
  readonly foreignChecks = new Map<string, object[]>();
  readonly annotations: object[] = [];
  /** Issues of every repository, the newest first; a pull request is one that has `pull_request`. */
  readonly issues: ForgeIssue[] = [];
  /** What happened to issues, by number. */
  readonly issueEvents = new Map<number, object[]>();
  /** Comments below issues, of all of them, the oldest first. */
  readonly issueComments: { readonly issue: number; readonly body: string; readonly [part: string]: unknown }[] = [];
  /** What accounts may do: 'admin', 'write', 'read', 'none'. Null: the token may not ask. */
  permissions: Readonly<Record<string, string>> | null = {};
  mayAnswer = true;
  wantsBaseTakenIn = false;
  scopes: string | null = 'repo';
  /** Account of the token. */
  login = 'ada';
  /** Repositories that the token may push to. */
  mayPush: (repository: string) => boolean = () => true;
  mayWriteStatuses = true;
  /** Kilobytes. */
  readonly sizes = new Map<string, number>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  answer(asked: Asked): Answer {
    for (const [method, path, answer] of this.#routes) {
      const found = method === asked.method ? path.exec(asked.path) : null;
      if (found) return answer(asked, ...found.slice(1));
    }
    return missing;
  }

  /** An empty repository; gives its folder. */
  make(name: string): string {
    const folder = this.folder(name);
    mkdirSync(folder, { recursive: true });
    git(folder, 'init', '-q', '--bare', '-b', 'main', '.');
    git(folder, 'config', 'http.receivepack', 'true');
    git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    return folder;
  }

  folder(name: string): string {
    return join(this.#root, `${name}.git`);
  }

  readonly #routes: readonly Route[] = [
    ['GET', /^\/repos\/[^/]+\/[^/]+\/pulls\/\d+\/reviews$/, () => ({ status: 200, body: this.reviews })],
    ['GET', /^\/repos\/[^/]+\/[^/]+\/pulls\/\d+\/comments$/, () => ({ status: 200, body: this.comments })],
    [
      'GET',
      /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)\/comments$/,
      (_, number = '') => ({
        status: 200,
        body: [...this.said, ...this.issueComments.filter(({ issue }) => issue === Number(number))],
      }),
    ],
    [
      'POST',
      /^\/repos\/([^/]+\/[^/]+)\/issues\/(\d+)\/comments$/,
      ({ body }, name = '', number = '') => {
        if (!this.mayAnswer) return forbidden;
        const [at, url] = [new Date().toISOString(), `https://forge.example/${name}/issues/${number}#issuecomment`];
        const made = {
          id: 9000 + this.issueComments.length,
          html_url: url,
          created_at: at,
          user: { login: this.login },
        };
        this.issueComments.push({ ...made, issue: Number(number), body: String(body['body']) });
        return { status: 201, body: {} };
      },
    ],
    [
      'GET',
      /^\/repos\/[^/]+\/[^/]+\/issues\/comments$/,
      ({ query }) => ({ status: 200, body: changedSince(this.issueComments, query) }),
    ],
    [
      'GET',
      /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)\/events$/,
      (_, number = '') => ({ status: 200, body: this.issueEvents.get(Number(number)) ?? [] }),
    ],
    [
      'GET',
      /^\/repos\/[^/]+\/[^/]+\/collaborators\/([^/]+)\/permission$/,
      (_, login = '') =>
        this.permissions === null
          ? forbidden
          : this.permissions[login] === undefined
            ? missing
            : { status: 200, body: { permission: this.permissions[login] } },
    ],
    ['GET', /^\/repos\/([^/]+\/[^/]+)\/issues$/, ({ query }, name = '') => this.#issues(name, query)],
    [
      'GET',
      /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+)$/,
      (_, number = '') => {
        const issue = this.issues.find((item) => item.number === Number(number));
        return issue ? { status: 200, body: issue } : missing;
      },
    ],
    ['GET', /^\/repos\/[^/]+\/[^/]+\/check-runs\/\d+\/annotations$/, () => ({ status: 200, body: this.annotations })],
    [
      'GET',
      /^\/repos\/[^/]+\/[^/]+\/commits\/([0-9a-f]{40})\/status$/,
      (_, commit = '') => ({ status: 200, body: { statuses: this.statuses.get(commit) ?? [] } }),
    ],
    [
      'GET',
      /^\/repos\/([^/]+\/[^/]+)\/compare\/([^/]+)$/,
      (_, name = '', range = '') => this.#compare(name, decodeURIComponent(range)),
    ],
    ['GET', /^\/user$/, () => ({ status: 200, body: { login: this.login } })],
    ['POST', /^\/user\/repos$/, ({ body }) => this.#create(this.login, String(body['name']))],
    ['POST', /^\/orgs\/([^/]+)\/repos$/, ({ body }, owner = '') => this.#create(owner, String(body['name']))],
    ['GET', /^\/repos\/([^/]+\/[^/]+)$/, (_, name = '') => this.#repository(name)],
    ['POST', /^\/repos\/([^/]+\/[^/]+)\/forks$/, (_, name = '') => this.#fork(name)],
    ['GET', /^\/repos\/([^/]+\/[^/]+)\/pulls$/, ({ query }, name = '') => this.#list(name, query.get('head') ?? '')],
    ['GET', /^\/repos\/([^/]+\/[^/]+)\/pulls\/(\d+)$/, (_, name = '', number = '') => this.#pull(name, number, {})],
    [
      'PATCH',
      /^\/repos\/([^/]+\/[^/]+)\/pulls\/(\d+)$/,
      ({ body }, name = '', number = '') => this.#pull(name, number, body),
    ],
    ['POST', /^\/repos\/([^/]+\/[^/]+)\/pulls$/, ({ body }, name = '') => this.#open(name, body)],
    [
      'POST',
      /^\/repos\/([^/]+\/[^/]+)\/issues\/(\d+)\/labels$/,
      ({ body }, name = '', number = '') => {
        const pull = this.#find(name, number);
        for (const label of body['labels'] as string[]) pull?.labels.add(label);
        return pull && this.mayPush(name) ? { status: 200, body: [] } : forbidden;
      },
    ],
    [
      'POST',
      /^\/repos\/([^/]+\/[^/]+)\/statuses\/([0-9a-f]{40})$/,
      ({ body }, name = '', commit = '') => {
        if (!this.mayWriteStatuses || !this.mayPush(name)) return forbidden;
        this.statuses.set(commit, [...(this.statuses.get(commit) ?? []), body as unknown as Status]);
        return { status: 201, body: {} };
      },
    ],
    [
      'GET',
      /^\/repos\/[^/]+\/[^/]+\/commits\/([0-9a-f]{40})\/check-runs$/,
      ({ query }, commit = '') => ({
        status: 200,
        body: { check_runs: this.#checksOf(commit, query.get('check_name')) },
      }),
    ],
    [
      'POST',
      /^\/repos\/[^/]+\/[^/]+\/check-runs$/,
      ({ body }) => {
        this.checkRuns.push({ ...(body as unknown as CheckRun), id: this.checkRuns.length + 1 });
        return { status: 201, body: {} };
      },
    ],
    [
      'PATCH',
      /^\/repos\/[^/]+\/[^/]+\/check-runs\/(\d+)$/,
      ({ body }, id = '') => {
        Object.assign(this.checkRuns[Number(id) - 1] ?? {}, body);
        return { status: 200, body: {} };
      },
    ],
  ];

  #issues(name: string, query: URLSearchParams): Answer {
    if (!existsSync(this.folder(name))) return missing;
    const label = query.get('labels');
    const found = this.issues.filter(({ labels }) => label === null || labels?.some((item) => item.name === label));
    const changed = changedSince(found, query);
    const [page, size] = [Number(query.get('page')), Number(query.get('per_page'))];
    return { status: 200, body: changed.slice((page - 1) * size, page * size) };
  }

  #checksOf(commit: string, name: string | null): object[] {
    const own = this.checkRuns.filter((item) => item.head_sha === commit && (name === null || item.name === name));
    return name === null ? [...own, ...(this.foreignChecks.get(commit) ?? [])] : own;
  }

  #repository(name: string): Answer {
    if (!existsSync(this.folder(name))) return missing;
    const parent = this.#parents.get(name);
    return {
      status: 200,
      headers: this.scopes === null ? {} : { 'x-oauth-scopes': this.scopes },
      body: {
        full_name: name,
        default_branch: 'main',
        archived: false,
        size: this.sizes.get(name) ?? 1,
        permissions: { push: this.mayPush(name) },
        ...(parent === undefined ? {} : { fork: true, parent: { full_name: parent } }),
      },
    };
  }

  #create(owner: string, name: string): Answer {
    if (existsSync(this.folder(`${owner}/${name}`)))
      return { status: 422, body: { message: 'name already exists on this account' } };
    this.make(`${owner}/${name}`);
    return { status: 201, body: { full_name: `${owner}/${name}` } };
  }

  readonly #parents = new Map<string, string>();

  #fork(name: string): Answer {
    const fork = `${this.login}/${name.split('/')[1] ?? ''}`;
    this.#parents.set(fork, name);
    if (!existsSync(this.folder(fork))) {
      mkdirSync(dirname(this.folder(fork)), { recursive: true });
      git(dirname(this.folder(fork)), 'clone', '-q', '--bare', this.folder(name), this.folder(fork));
      git(this.folder(fork), 'config', 'http.receivepack', 'true');
    }
    return { status: 202, body: { full_name: fork } };
  }

  #list(name: string, head: string): Answer {
    const found = this.pulls.filter((pull) => pull.repository === name && headOf(pull) === head);
    return { status: 200, body: found.map((pull) => this.#told(pull)) };
  }

  #find(name: string, number: string): Pull | undefined {
    return this.pulls.find((item) => item.repository === name && item.number === Number(number));
  }

  #pull(name: string, number: string, change: Record<string, unknown>): Answer {
    const pull = this.#find(name, number);
    if (!pull) return missing;
    Object.assign(pull, change);
    return { status: 200, body: this.#told(pull) };
  }

  #compare(name: string, range: string): Answer {
    const { sha, common } = compared((each) => this.folder(each), name, range);
    return { status: 200, body: { base_commit: { sha }, merge_base_commit: { sha: common } } };
  }

  #open(name: string, body: Record<string, unknown>): Answer {
    const {
      title,
      body: text,
      head,
      base,
      draft,
    } = body as { title: string; body: string; head: string; base: string; draft: boolean };
    const [owner, branch] = head.includes(':') ? head.split(':') : [name.split('/')[0], head];
    const pull: Pull = {
      number: this.pulls.length + 1,
      repository: name,
      state: 'open',
      title,
      body: text,
      draft,
      base,
      branch: branch ?? '',
      from: `${owner ?? ''}/${name.split('/')[1] ?? ''}`,
      labels: new Set(),
      merged_at: null,
    };
    if (this.pulls.some((item) => item.repository === name && headOf(item) === headOf(pull) && item.state === 'open'))
      return {
        status: 422,
        body: {
          message: 'Validation Failed',
          errors: [{ message: `A pull request already exists for ${headOf(pull)}.` }],
        },
      };
    this.pulls.push(pull);
    return { status: 201, body: this.#told(pull) };
  }

  #told(pull: Pull): unknown {
    const sha = git(this.folder(pull.from), 'rev-parse', `refs/heads/${pull.branch}`);
    return {
      ...pull,
      labels: [...pull.labels].map((name) => ({ name })),
      base: { ref: pull.base },
      mergeable_state: mergeableState((each) => this.folder(each), pull, this.wantsBaseTakenIn),
      head: { ref: pull.branch, sha, repo: { full_name: pull.from } },
    };
  }
}
