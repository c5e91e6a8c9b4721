import type { Auth } from '../model/model.ts';

const authWords =
  /\b(?:jwts?|json web tokens?|auth|authenticat\w+|log(?:s|ged|ging)?[- ]?in|logins?|sign(?:s|ing|ed)?[- ]?in|sign[- ]?up(?! for (?!an? account))|bearer|access tokens?|user accounts?)\b|\b(?:users?|people|clients?|visitors?) (?:can |may |must |shall |should )?(?:be able to )?register\b/i;
const noAuth =
  /\b(?:no|without(?: any)?|not need(?: any)?|needs? no|skip|don't (?:need|want|add)(?: any)?)\s+(?:auth\w*|login|jwt|accounts?|tokens?|sign[- ]?in)\b|\bunauthenticated api\b|\bpublic api\b/i;

/** Accounts and tokens, when any text asks for them. */
export function readAuth(texts: readonly string[], paths: readonly string[]): Auth | null {
  const all = texts.join('\n');
  const [prompt = ''] = texts;
  if (!authWords.test(all.replaceAll(/\boauth\s?\d?\b/gi, ' ')) || noAuth.test(prompt)) return null;
  const named = paths.find((path) => /^[^<]*\/(?:register|login)$/.test(path));
  return {
    login: /\buser[- _]?names?\b/i.test(all) ? 'username' : 'email',
    path: named ? named.replace(/\/(?:register|login)$/, '') : '/auth',
    tokenSeconds: readTokenSeconds(all) ?? 3600,
  };
}

const units: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };
const expiry =
  /\b(?:expir\w*|valid|last\w*|lifetime)\b[^.\n]{0,25}?\b(\d{1,6}|an?|one|two|twelve)[\s-]*(second|minute|hour|day|week)s?\b/i;

export function readTokenSeconds(text: string): number | null {
  const found = expiry.exec(text);
  if (!found) return null;
  const words: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, twelve: 12 };
  const count = words[(found[1] ?? '').toLowerCase()] ?? Number(found[1]);
  return count * (units[(found[2] ?? '').toLowerCase()] ?? 1);
}

export function readPort(texts: readonly string[]): number | null {
  const found =
    /\bport\s*(?:=|:|number)?\s*(\d{2,5})\b|\b(?:listens?|listening|runs?|running) on (?:localhost:|0\.0\.0\.0:|127\.0\.0\.1:|:)?(\d{4,5})\b/i.exec(
      texts.join('\n'),
    );
  const port = Number(found?.[1] ?? found?.[2]);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

/** Every URL path in the texts, parameters spelled '<id>', without query and trailing slash. */
export function readPaths(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) =>
    [
      ...text.matchAll(
        /(?<![\w/:.<])\/(?:[a-z0-9_~.-]+|<[^>\s]+>|\{[^}\s]+\}|:[a-z]\w*)(?:\/(?:[a-z0-9_~-]+|<[^>\s]+>|\{[^}\s]+\}|:[a-z]\w*))*/gi,
      ),
    ].map((match) => match[0]),
  );
  return [...new Set(found.map(plainPath))];
}

export function plainPath(path: string): string {
  return path
    .replace(/[?#].*$/, '')
    .split('/')
    .map((part) => (/^(?:<.*>|\{.*\}|:.+|\d+|id)$/i.test(part) ? '<id>' : part.replace(/[.,;:]+$/, '')))
    .join('/')
    .replace(/\/+$/, '');
}

export function readInvalidStatus(texts: readonly string[]): 400 | 422 {
  const all = texts.join('\n');
  return /\b422\b/.test(all) && !/\b400\b/.test(all) ? 422 : 400;
}

/** 'called Green Thumb', 'named "shelf"'; null when no name is given. */
export function readName(prompt: string): string | null {
  const quoted = /\b(?:called|named|name is|project name:?)\s+["']([^"'\n]{2,60})["']/i.exec(prompt)?.[1];
  const afterProduct =
    /\b(?:cli|tool|app|program|script|utility|api|service)\s+["'“]([\p{L}\d][^"'”\n]{1,59})["'”]/iu.exec(prompt)?.[1];
  const capital =
    /\b(?:called|named|name is|project name:?)\s+((?:[A-Z][\p{L}\d-]*)(?:\s+[A-Z][\p{L}\d-]*){0,3}|[a-z][a-z\d]*(?:-[a-z\d]+)+)/u.exec(
      prompt,
    )?.[1];
  return (quoted ?? afterProduct ?? capital)?.trim() ?? null;
}
