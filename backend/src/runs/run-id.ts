import { randomBytes } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new run's id: 80 random bits. */
export function newRunId(): string {
  return `run_${Array.from(randomBytes(16), (byte) => alphabet[byte % 32]).join('')}`;
}
