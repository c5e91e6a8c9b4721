import { createHash } from 'node:crypto';

/** SHA-256 in lower-case hex. */
export function digestOf(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}
