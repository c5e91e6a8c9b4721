import { DomainError } from '@devfactory/kit';
import type { ErrorKind } from '@devfactory/kit';

const kinds: Readonly<Record<string, ErrorKind>> = {
  file_missing: 'not-found',
  not_a_file: 'invalid',
  path_invalid: 'invalid',
  path_escapes: 'forbidden',
  path_taken: 'conflict',
  file_changed: 'conflict',
  symlink_refused: 'forbidden',
  file_unreadable: 'forbidden',
  too_large: 'too-large',
  port_closed: 'unavailable',
  terminal_ended: 'conflict',
  workspace_gone: 'unavailable',
  workspace_busy: 'conflict',
  workspace_id: 'invalid',
  mount_refused: 'invalid',
};

/** Everything that this driver and its sandboxes refuse comes as one kind of error. */
export function failure(code: string, message: string, cause?: unknown): DomainError {
  return new DomainError(code, kinds[code] ?? 'unavailable', cause === undefined ? { message } : { message, cause });
}
