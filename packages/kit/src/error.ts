/** What went wrong, in the caller's terms. Each kind has one HTTP status, given at the one exit to HTTP. */
export type ErrorKind =
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'forbidden'
  | 'unavailable'
  | 'too-large'
  | 'unsupported';

interface ErrorOptions {
  readonly message: string;
  readonly cause?: unknown;
  /** Where waiting helps: after how long the same call may succeed. */
  readonly retryAfterSeconds?: number;
}

/** A broken promise to the caller. `code` is stable; `message` says what, which id, and what to do about it. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, kind: ErrorKind, options: ErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
