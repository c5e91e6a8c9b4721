import { DomainError } from '@devfactory/kit';

const brokenPipe = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
/** SQLSTATE 57P01-05: shut down or starting up; 08: connection; 53200, 53300: no memory or slots left; 58: trouble below the database. */
const unreachable = /^(57P0|08|53[23]00|58)/;
const diskFull = '53100';
/** What pg says when a socket dies under a query; these errors carry no code. */
const wording =
  /connection terminated|connection ended|client has encountered a connection error|timeout exceeded when trying to connect|client was closed|cannot use a pool after calling end/i;

/** True when the database was not in reach, as opposed to having refused a statement. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === 'database_unavailable';
  if (!(error instanceof Error)) return false;
  if ('syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo')) return true;
  const code = codeOf(error);
  return brokenPipe.has(code) || unreachable.test(code) || wording.test(error.message);
}

/**
 * The error as callers see it: an unreachable database is 'unavailable', anything else stays what it is. `phase` is what was
 * under way: after a cut commit nobody can say whether it stands.
 */
export function asCallerError(error: unknown, phase: 'work' | 'commit' = 'work'): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error;
  if (codeOf(error) === diskFull) {
    return new DomainError('disk_full', 'unavailable', {
      message: 'The disk with the database is full; nothing was changed. Make room, then try again.',
      cause: error,
    });
  }
  if (!isConnectionFailure(error)) return error;
  return new DomainError('database_unavailable', 'unavailable', {
    message:
      phase === 'commit'
        ? 'The database went away while this was being saved; whether it was is not known. Look again in a few seconds, before you repeat it.'
        : 'The database is not in reach at the moment; nothing was changed. Try again in a few seconds.',
    cause: error,
    retryAfterSeconds: 2,
  });
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
