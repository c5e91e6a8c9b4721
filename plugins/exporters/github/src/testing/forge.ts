import { execFileSync } from 'node:child_process';
import { verify, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { faultOf } from './described.ts';
import { ForgeApi } from './forge-api.ts';
import { git } from './forge-git.ts';
import type { Answer, Asked, Pull } from './forge-shapes.ts';
import { gitAnswer } from './git-backend.ts';

export type { Answer };

export const token = 'ghp_forge0token0forge0token0forge0token';

type Moment = 'before' | 'after';
/** Where a line breaks: at once, after a part of what is sent, or after git took all of it and said a few bytes. */
export type Cut = 'cut' | 'cut in what is sent' | 'cut in the answer';

/**
 * A GitHub of one machine: the repositories are git's own, behind git's own program; of the API there is what a delivery calls. What
 * GitHub's own description of it does not know makes the test fail.
 */
export class Forge {
  readonly root = mkdtempSync(join(tmpdir(), 'df-forge-'));
  readonly api = new ForgeApi(this.root);
  /** What was asked, as 'METHOD path', git's own calls too. */
  readonly asked: string[] = [];
  /** Answers in place of the forge; null lets it answer. */
  forged: (asked: string) => Answer | Cut | null = () => null;
  /** Called around each request. */
  watch: (moment: Moment, count: number) => void = () => undefined;
  /** An app that is installed, and what it was granted. */
  app: { readonly id: string; readonly key: KeyObject; readonly granted: Readonly<Record<string, string>> } | null =
    null;
  /** What tokens of the app were asked for. */
  readonly tokensAsked: object[] = [];
  /** Requests that GitHub's description does not know. */
  readonly faults: string[] = [];
  /** What the server and its API take. */
  token = token;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async open(): Promise<Forge> {
    const forge = new Forge();
    await new Promise<void>((resolve) => forge.#server.listen(0, '127.0.0.1', resolve));
    return forge;
  }

  get pulls(): Pull[] {
    return this.api.pulls;
  }

  get web(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get environment(): Record<string, string> {
    return { DEVFACTORY_GITHUB_TOKEN: this.token, DEVFACTORY_GITHUB_API: `${this.web}/api/v3` };
  }

  /** An empty repository; gives its folder. */
  repository(name: string): string {
    return this.api.make(name);
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
    if (this.faults.length > 0) throw new Error(`GitHub would not know: ${this.faults.join('; ')}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.web);
    const asked = `${request.method ?? ''} ${pathname}`;
    const count = this.asked.push(asked);
    this.watch('before', count);
    const isApi = pathname.startsWith('/api/v3/');
    const sent = isApi ? await buffer(request).catch(() => null) : null;
    const body =
      sent === null || sent.length === 0 ? undefined : (JSON.parse(sent.toString()) as Record<string, unknown>);
    const call = { method: request.method ?? '', path: pathname.slice('/api/v3'.length), query: searchParams, body };
    const fault = isApi ? faultOf(call) : null;
    if (fault !== null) this.faults.push(fault);
    const forged = this.forged(asked);
    if (forged === 'cut') return void request.socket.destroy();
    if (forged === 'cut in what is sent') return void request.once('data', () => request.socket.destroy());
    if (forged && forged !== 'cut in the answer') return send(response, forged);
    if (isApi) {
      const answer = this.#api(request, { ...call, body: body ?? {} });
      this.watch('after', count);
      return send(response, answer);
    }
    const basic = `Basic ${Buffer.from(`x-access-token:${this.token}`).toString('base64')}`;
    if (request.headers.authorization !== basic)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end();
    const isCut = forged === 'cut in the answer';
    await this.#backend(request, response, { pathname, query: searchParams.toString(), count, isCut });
  }

  /** What GitHub does for an app: it sees that the token is signed with its key, and gives one for a repository. */
  #install(request: IncomingMessage, { path, body: wish }: Asked): Answer {
    const { id, key, granted } = this.app ?? { id: '', key: null, granted: {} };
    const [head = '', body = '', signature = ''] = (request.headers.authorization ?? '')
      .replace('Bearer ', '')
      .split('.');
    const right =
      key !== null && verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
    const { iss, iat, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
      iss: string;
      iat: number;
      exp: number;
    };
    const now = Date.now() / 1000;
    if (!right || iss !== id || iat > now || exp < now || exp - iat > 600)
      return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    if (path.endsWith('/installation')) return { status: 200, body: { id: 5, permissions: granted } };
    const asked = wish as { repositories: string[]; permissions: Record<string, string> };
    this.tokensAsked.push(asked);
    this.token = `ghs_installed${this.tokensAsked.length}installed`;
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    return { status: 201, body: { token: this.token, expires_at, permissions: asked.permissions } };
  }

  #api(request: IncomingMessage, asked: Asked): Answer {
    if (this.app && /^\/app\/|\/installation$/.test(asked.path)) return this.#install(request, asked);
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    return this.api.answer(asked);
  }

  async #backend(
    request: IncomingMessage,
    response: ServerResponse,
    {
      pathname,
      query,
      count,
      isCut,
    }: { readonly pathname: string; readonly query: string; readonly count: number; readonly isCut: boolean },
  ): Promise<void> {
    const body = await buffer(request).catch(() => null);
    if (body === null) return;
    const answer = await gitAnswer(this.root, request, { pathname, query, body });
    this.watch('after', count);
    response.writeHead(answer.status, answer.headers);
    if (isCut) response.write(answer.body.subarray(0, 4), () => request.socket.destroy());
    else response.end(answer.body);
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}));
}
