import { Problem } from '@devfactory/contracts';

/** The server's refusal, or its absence: `problem.code` is stable, `problem.detail` says what to do. Thrown by every method of the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail, cause === undefined ? undefined : { cause });
    this.problem = problem;
  }

  /** HTTP status; 0 when no answer came at all. */
  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  /** Whether the same request may be taken a little later; a refusal that nothing but a person can change is not. */
  get passing(): boolean {
    const refused = this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
    return !refused || this.problem.retryAfter !== undefined;
  }
}

/** Status 0: the request never got an answer. */
export function unreachable(baseUrl: string, cause: unknown): ApiError {
  const detail = `No answer from ${baseUrl || 'the server'}; see whether it still runs.`;
  return new ApiError({ type: 'about:blank', title: 'Unreachable', status: 0, code: 'unreachable', detail }, cause);
}

/** A 2xx answer that is not what the route promises: client and server are of different versions. */
export function unexpectedAnswer(path: string, cause: unknown): ApiError {
  const detail = `The answer to ${path} is not what this version expects; update the older of client and server.`;
  return new ApiError(
    { type: 'about:blank', title: 'Unexpected answer', status: 0, code: 'unexpected_answer', detail },
    cause,
  );
}

/** Turns a response that is no success into its ApiError; a body that is no Problem (a proxy's page) becomes one. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  return new ApiError(readProblem(text) ?? foreignProblem(response));
}

function readProblem(text: string): Problem | null {
  try {
    return Problem.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function foreignProblem({ status, statusText }: Response): Problem {
  const title = statusText || `HTTP ${status}`;
  return {
    type: 'about:blank',
    title,
    status,
    code: 'http_error',
    detail: `The server answered ${status} ${statusText}`.trim() + '.',
  };
}
