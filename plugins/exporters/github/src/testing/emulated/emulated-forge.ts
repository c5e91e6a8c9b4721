import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { faultOf } from '../described.ts';
import { git } from '../forge-git.ts';
import type { Answer } from '../forge-shapes.ts';
import { gitAnswer } from '../git-backend.ts';
import { asGitHub } from './as-github.ts';
import { app, people, startEmulator, type Emulator } from './emulator.ts';
import { mirror } from './mirror.ts';

export type { Answer };
export { people } from './emulator.ts';
export { whyNotEmulated } from './emulator.ts';

const root = '/api/v3';

/**
 * A GitHub that is none of ours: npm's emulate for the API, git's own `http-backend` for the repositories, joined at one address. What
 * was pushed is told to the emulator, and who may push is what the emulator says of the token. Each request is held against GitHub's
 * own description first.
 */
export class EmulatedForge {
  readonly #folder = mkdtempSync(join(tmpdir(), 'devfactory-emulated-'));
  /** What was asked, as 'METHOD path', git's own calls too. */
  readonly asked: string[] = [];
  readonly faults: string[] = [];
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => {
      this.faults.push(String(error));
      response.writeHead(500).end();
    });
  });
  #emulator!: Emulator;

  static async open(): Promise<EmulatedForge> {
    const forge = new EmulatedForge();
    await new Promise<void>((resolve) => forge.#server.listen(0, '127.0.0.1', resolve));
    forge.#emulator = await startEmulator(forge.web);
    writeFileSync(join(forge.#folder, 'app.pem'), forge.#emulator.key, { mode: 0o600 });
    mkdirSync(forge.repository, { recursive: true });
    git(forge.repository, 'init', '-q', '--bare', '-b', 'main', '.');
    git(forge.repository, 'config', 'http.receivepack', 'true');
    git(forge.repository, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    return forge;
  }

  get web(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The one real repository: acme/shop. */
  get repository(): string {
    return join(this.#folder, 'git/acme/shop.git');
  }

  /** What the server takes to be the app. */
  get environment(): Record<string, string> {
    return {
      DEVFACTORY_GITHUB_APP_ID: app.id,
      DEVFACTORY_GITHUB_APP_KEY_FILE: join(this.#folder, 'app.pem'),
      DEVFACTORY_GITHUB_API: `${this.web}${root}`,
    };
  }

  /** What somebody else than the factory asks of the API below acme/shop, as 'METHOD /path'. Throws where it is refused. */
  async as<T>(who: keyof typeof people, asked: string, body?: object): Promise<T> {
    const [method = '', path = ''] = asked.split(' ');
    const wish = { method, path: `/repos/acme/shop${path}`, ...(body ? { body } : {}) };
    const { status, body: answer } = await asGitHub(wish, (each) => this.#emulator.ask(people[who], each));
    if (status >= 300) throw new Error(`${asked} is ${status}: ${JSON.stringify(answer)}`);
    return answer as T;
  }

  git(...args: string[]): string {
    return git(this.repository, ...args);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#emulator.close();
    rmSync(this.#folder, { recursive: true });
    if (this.faults.length > 0) throw new Error(`not as GitHub has it: ${this.faults.join('; ')}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search, searchParams: query } = new URL(request.url ?? '/', this.web);
    const method = request.method ?? '';
    this.asked.push(`${method} ${pathname}`);
    const sent = await buffer(request);
    if (!pathname.startsWith(`${root}/`))
      return this.#git(request, response, { pathname, query: search.slice(1), body: sent });
    const path = pathname.slice(root.length);
    const body = sent.length === 0 ? undefined : (JSON.parse(sent.toString()) as unknown);
    const fault = faultOf({ method, path, query, body });
    if (fault !== null) this.faults.push(fault);
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const asked = { method, path: `${path}${search}`, ...(body === undefined ? {} : { body }) };
    const { status, body: answer } = await asGitHub(asked, (each) => this.#emulator.ask(token, each));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  }

  async #git(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { readonly pathname: string; readonly query: string; readonly body: Buffer },
  ): Promise<void> {
    const basic = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    const token = /^x-access-token:(.+)$/.exec(basic)?.[1];
    if (token === undefined || !(await this.#mayPush(token)))
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
    const { status, headers, body } = await gitAnswer(join(this.#folder, 'git'), request, asked);
    if (request.method === 'POST' && asked.pathname.endsWith('/git-receive-pack'))
      await mirror(this.#emulator, { folder: this.repository, name: 'acme/shop' });
    response.writeHead(status, headers).end(body);
  }

  async #mayPush(token: string): Promise<boolean> {
    const { status, body } = await this.#emulator.ask(token, { method: 'GET', path: '/repos/acme/shop' });
    const may = (body as { readonly permissions?: { readonly push?: boolean } } | null)?.permissions?.push;
    // emulate tells no permissions of an app's token: there the answer itself is the right.
    return status === 200 && (may === true || token.startsWith('ghs_'));
  }
}
