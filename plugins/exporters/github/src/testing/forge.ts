import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, json } from 'node:stream/consumers';

export const token = 'ghp_forge0token0forge0token0forge0token';

interface Pull {
  readonly number: number;
  state: 'open' | 'closed';
  title: string;
  body: string;
  readonly draft: boolean;
  readonly base: string;
  readonly branch: string;
  merged_at: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

type Moment = 'before' | 'after';

/** A GitHub of one machine: the repositories are git's own, behind git's own program; of the API there is what a delivery calls. */
export class Forge {
  readonly root = mkdtempSync(join(tmpdir(), 'df-forge-'));
  readonly pulls: Pull[] = [];
  /** What was asked, as 'METHOD path', git's own calls too. */
  readonly asked: string[] = [];
  /** Answers in place of the forge; null lets it answer. */
  forged: (asked: string) => Answer | 'cut' | null = () => null;
  /** Called around each request. */
  watch: (moment: Moment, count: number) => void = () => undefined;
  scopes: string | null = 'repo';
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async open(): Promise<Forge> {
    const forge = new Forge();
    await new Promise<void>((resolve) => forge.#server.listen(0, '127.0.0.1', resolve));
    return forge;
  }

  get web(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get environment(): Record<string, string> {
    return { DEVFACTORY_GITHUB_TOKEN: token, DEVFACTORY_GITHUB_API: `${this.web}/api/v3` };
  }

  /** An empty repository; gives its folder. */
  repository(name: string): string {
    const folder = join(this.root, `${name}.git`);
    mkdirSync(folder, { recursive: true });
    git(folder, 'init', '-q', '--bare', '-b', 'main', '.');
    git(folder, 'config', 'http.receivepack', 'true');
    return folder;
  }

  /** A commit on a branch, on top of what is there, made by somebody else. Gives its name. */
  commit(name: string, branch: string, files: Readonly<Record<string, string>>): string {
    const folder = join(this.root, `${name}.git`);
    const known = git(folder, 'for-each-ref', '--format=%(refname)', `refs/heads/${branch}`) !== '';
    const input = [
      `commit refs/heads/${branch}\ncommitter Ada <ada@example.org> 1700000000 +0000\ndata 3\nAda\n`,
      known ? `from refs/heads/${branch}^0\n` : '',
      ...Object.entries(files).map(
        ([path, text]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
      ),
    ].join('');
    execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input });
    return git(folder, 'rev-parse', `refs/heads/${branch}`);
  }

  git(name: string, ...args: string[]): string {
    return git(join(this.root, `${name}.git`), ...args);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.root, { recursive: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.web);
    const asked = `${request.method ?? ''} ${pathname}`;
    const count = this.asked.push(asked);
    this.watch('before', count);
    const forged = this.forged(asked);
    if (forged === 'cut') return void request.socket.destroy();
    if (forged) return send(response, forged);
    if (pathname.startsWith('/api/v3/')) {
      const answer = await this.#api(request, pathname.slice('/api/v3'.length), searchParams);
      this.watch('after', count);
      return send(response, answer);
    }
    const basic = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
    if (request.headers.authorization !== basic)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end();
    await this.#backend(request, response, { pathname, query: searchParams.toString(), count });
  }

  async #api(request: IncomingMessage, path: string, query: URLSearchParams): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    const [, , owner = '', name = '', what, number] = path.split('/');
    const headers = this.scopes === null ? {} : { 'x-oauth-scopes': this.scopes };
    const repository = `${owner}/${name}`;
    if (what === undefined)
      return {
        status: 200,
        headers,
        body: { full_name: repository, default_branch: 'main', archived: false, permissions: { push: true } },
      };
    if (request.method === 'GET')
      return {
        status: 200,
        body: this.pulls
          .filter((pull) => `${owner}:${pull.branch}` === query.get('head'))
          .map((pull) => this.#told(repository, pull)),
      };
    const body = (await json(request)) as Pull & { head: string };
    if (request.method === 'PATCH') {
      const pull = this.pulls.find((item) => item.number === Number(number));
      if (!pull) return { status: 404, body: { message: 'Not Found' } };
      Object.assign(pull, body);
      return { status: 200, body: this.#told(repository, pull) };
    }
    if (this.pulls.some((pull) => pull.branch === body.head && pull.state === 'open'))
      return {
        status: 422,
        body: {
          message: 'Validation Failed',
          errors: [{ message: `A pull request already exists for ${owner}:${body.head}.` }],
        },
      };
    const { title, body: text, head, base, draft } = body;
    const pull: Pull = {
      number: this.pulls.length + 1,
      state: 'open',
      title,
      body: text,
      draft,
      base,
      branch: head,
      merged_at: null,
    };
    this.pulls.push(pull);
    return { status: 201, body: this.#told(repository, pull) };
  }

  #told(repository: string, pull: Pull): unknown {
    return { ...pull, head: { ref: pull.branch, sha: this.git(repository, 'rev-parse', `refs/heads/${pull.branch}`) } };
  }

  async #backend(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, query, count }: { readonly pathname: string; readonly query: string; readonly count: number },
  ): Promise<void> {
    const body = await buffer(request).catch(() => null);
    if (body === null) return;
    const backend = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        REMOTE_USER: 'x',
        GIT_PROJECT_ROOT: this.root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: String(body.length),
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: [request.headers['git-protocol']].flat()[0] ?? '',
      },
    });
    backend.stdin.on('error', () => undefined).end(body);
    const answer = await buffer(backend.stdout);
    this.watch('after', count);
    const end = answer.indexOf('\r\n\r\n');
    const lines = answer.subarray(0, end).toString().split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
    response.writeHead(Number.parseInt(headers['Status'] ?? '200', 10), headers).end(answer.subarray(end + 4));
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}));
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', HOME: cwd } })
    .toString()
    .trim();
}
