import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type ErrorKind } from '@devfactory/kit';
import { z } from 'zod';
import type { GitHubSettings } from './settings.ts';

export const PullRequest = z.object({
  number: z.int().positive(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullable().optional(),
  base: z.object({ ref: z.string() }).optional(),
  /** GitHub works it out in the background: 'dirty' conflicts, 'behind' has to be brought up before it may be merged. */
  mergeable_state: z.string().optional(),
  head: z.object({
    sha: z.string().regex(/^[0-9a-f]{40}$/),
    ref: z.string().optional(),
    repo: z.object({ full_name: z.string() }).nullable().optional(),
  }),
});
export type PullRequest = z.infer<typeof PullRequest>;

const Refusal = z.object({
  message: z.string().optional(),
  errors: z.array(z.union([z.string(), z.object({ message: z.string().optional() })])).optional(),
});

export interface GitHubApiParts {
  readonly settings: GitHubSettings;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
  /** Milliseconds before the first repetition; doubled each time. */
  readonly retryMs: number;
}

interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the API's root. Parts that are not ours are encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly schema: z.ZodType<T>;
  /** A POST that may be made twice without harm. */
  readonly repeatable?: true;
}

const attempts = 4;
/** Longer than that nobody waits: the delivery tells it. */
const longestWaitMs = 59_000;
const secondLimitMs = 60_000;
const requestMs = 30_000;
const largestAnswer = 8 * 1024 * 1024;

/** The few calls that a delivery needs. Reads and updates are repeated when the line or GitHub fails; creating is not, for it may have been done. */
export class GitHubApi {
  readonly #parts: GitHubApiParts;

  constructor(parts: GitHubApiParts) {
    this.#parts = parts;
  }

  /** Whether the token is an app's installation: only such write check runs. */
  get isApp(): boolean {
    return this.#parts.settings.token.startsWith('ghs_');
  }

  /** Throws github_*, each with the way out. */
  async call<T>(call: Call<T>): Promise<{ readonly data: T; readonly headers: Headers }> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#once(call);
      const wait = answer instanceof Error ? this.#parts.retryMs * 2 ** (attempt - 1) : this.#waitFor(answer, attempt);
      const mayRepeat =
        call.method !== 'POST' || call.repeatable === true || (!(answer instanceof Error) && answer.status < 500);
      if (wait !== null && mayRepeat && attempt < attempts && wait <= longestWaitMs) {
        await pause(wait, undefined, { signal: this.#parts.signal });
        continue;
      }
      if (answer instanceof Error) throw this.#unreachable(answer);
      if (answer.status >= 300) throw this.#refusal(call, answer, wait);
      const data = call.schema.safeParse(answer.body);
      if (!data.success)
        throw problem('github_unexpected', 'unavailable', {
          message: `${this.#parts.settings.api} does not answer like GitHub's API. Check DEVFACTORY_GITHUB_API.`,
        });
      return { data: data.data, headers: answer.headers };
    }
  }

  async #once({ method, path, body }: Call<unknown>): Promise<Answer | Error> {
    const { settings, signal } = this.#parts;
    signal.throwIfAborted();
    try {
      const response = await fetch(`${settings.api}${path}`, {
        method,
        // A redirect could lead the token elsewhere.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${settings.token}`,
          'x-github-api-version': '2022-11-28',
          'user-agent': 'ai-devfactory',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await readJson(response) };
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Milliseconds after which the same call may succeed; null where waiting does not help. */
  #waitFor({ status, headers, body }: Answer, attempt: number): number | null {
    const after = Number(headers.get('retry-after') ?? Number.NaN);
    if ([403, 429, 503].includes(status) && Number.isFinite(after) && after >= 0) return after * 1000;
    if ([403, 429].includes(status) && headers.get('x-ratelimit-remaining') === '0') {
      const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
      return Number.isFinite(reset) ? Math.max(0, reset - Date.now()) : longestWaitMs + 1;
    }
    // GitHub's second limit may tell no time; it asks for a minute at least.
    if (status === 403 && /secondary rate limit/i.test(Refusal.safeParse(body).data?.message ?? ''))
      return secondLimitMs;
    return status >= 500 || status === 429 ? this.#parts.retryMs * 2 ** (attempt - 1) : null;
  }

  #unreachable(cause: Error): DomainError {
    const words = cause.cause instanceof Error ? cause.cause.message : cause.message;
    return problem('github_unreachable', 'unavailable', {
      message: `${this.#parts.settings.api} could not be reached (${this.#parts.redact(words).slice(0, 200)}). Check the network, then try again: nothing is doubled.`,
    });
  }

  #refusal({ method, path }: Call<unknown>, { status, body }: Answer, wait: number | null): DomainError {
    const told = Refusal.safeParse(body).data;
    const words = [
      told?.message,
      ...(told?.errors ?? []).map((item) => (typeof item === 'string' ? item : item.message)),
    ]
      .filter((word) => word !== undefined)
      .join('; ');
    const said = words === '' ? `GitHub answered ${status}` : `GitHub said: ${this.#parts.redact(words).slice(0, 500)}`;
    if (status < 400)
      return problem('github_moved', 'conflict', {
        message: 'The repository has moved. Deliver to its new OWNER/REPO.',
      });
    if (status === 401)
      return problem('github_token_refused', 'forbidden', {
        message: `GitHub does not take the token in DEVFACTORY_GITHUB_TOKEN: it is wrong, expired or revoked. Start the server with a new one. ${said}`,
      });
    if (wait !== null && status < 500)
      return problem('github_rate_limited', 'unavailable', {
        message: `GitHub takes no more calls of this token for ${Math.ceil(wait / 1000)} seconds. Try again then: nothing is doubled.`,
        retryAfterSeconds: Math.ceil(wait / 1000),
      });
    if (status === 403)
      return problem('github_forbidden', 'forbidden', {
        message: `The token may not do this (${method} ${path.split('?')[0] ?? ''}). It needs write access to contents and pull requests; an organisation may have to approve it first. ${said}`,
      });
    if (status === 404)
      return problem('github_missing', 'not-found', {
        message: `The repository is not there, or the token may not see it. Check OWNER/REPO and what the token was made for. ${said}`,
      });
    if (status >= 500)
      return problem('github_unavailable', 'unavailable', {
        message: `GitHub has a fault (${status}). Try again later: nothing is doubled.`,
      });
    return problem(`github_refused`, 'conflict', { message: said });
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function readJson(response: Response): Promise<unknown> {
  let size = 0;
  const chunks: Uint8Array[] = [];
  if (response.body === null) return null;
  const body: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    return null;
  }
}

function problem(
  code: string,
  kind: ErrorKind,
  options: { readonly message: string; readonly retryAfterSeconds?: number },
): DomainError {
  return new DomainError(code, kind, options);
}
