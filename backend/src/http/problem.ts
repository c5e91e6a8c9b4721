import type { Problem } from '@devfactory/contracts';
import { DomainError, type ErrorKind } from '@devfactory/kit';

/**
 * The one place where kinds of errors become HTTP. A full disk, a dead database or a machine without a sandbox is 424 and no
 * 5xx: the server works and says what to mend (docs/decisions/0018).
 */
const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 422,
  'not-found': 404,
  conflict: 409,
  forbidden: 403,
  unavailable: 424,
  'too-large': 413,
  unsupported: 415,
};

const titles: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Not logged in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request too slow',
  409: 'Refused as things stand',
  413: 'Too large',
  414: 'Address too long',
  415: 'Content type not taken',
  416: 'Range not there',
  422: 'Invalid request',
  424: 'Something this depends on is not available',
  500: 'Something broke',
};

/** A refusal that belongs to HTTP and not to the domain. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly issues: Problem['issues'];
  readonly current: Problem['current'];

  constructor(
    status: number,
    code: string,
    options: Pick<Problem, 'detail'> & Partial<Pick<Problem, 'issues' | 'current'>>,
  ) {
    super(options.detail);
    this.current = options.current;
    this.status = status;
    this.code = code;
    this.issues = options.issues;
  }

  toProblem(): Problem {
    const answer = problem(this.status, this.code, { detail: this.message, issues: this.issues });
    return this.current ? { ...answer, current: this.current } : answer;
  }
}

export function problem(
  status: number,
  code: string,
  more: Pick<Problem, 'detail'> & {
    readonly issues?: Problem['issues'];
    readonly retryAfter?: Problem['retryAfter'];
  },
): Problem {
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail: more.detail,
    code,
    ...(more.issues ? { issues: more.issues } : {}),
    ...(more.retryAfter === undefined ? {} : { retryAfter: more.retryAfter }),
  };
}

export function problemOfDomain(error: DomainError): Problem {
  return problem(statusOfKind[error.kind], error.code, { detail: error.message, retryAfter: error.retryAfterSeconds });
}
