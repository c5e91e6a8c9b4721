import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digestOf } from '../server/digest.ts';

/** A secret of 256 random bits; the prefix tells what was leaked if one ever is. */
export function newToken(prefix: 'dfl' | 'dfs' | 'dfc' | 'dft' | 'dfp'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)));
}
