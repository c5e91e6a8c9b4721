import { sessionDays } from './session.store.ts';

/** Value of one cookie; null when it is not there. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return null;
}

/** Out of scripts' reach, sent to our own pages only. Not Secure: the default door is plain HTTP on loopback. */
export function sessionCookie(name: string, secret: string): string {
  return `${name}=${secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${sessionDays * 24 * 3600}`;
}

export function endedCookie(name: string): string {
  return `${name}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`;
}
