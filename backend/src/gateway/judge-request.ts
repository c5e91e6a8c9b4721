import type { IncomingHttpHeaders } from 'node:http';

export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly upgrade: boolean;
  /** What the origin that is asked says of another one: itself, a page of the same workspace that may call it, or a stranger. */
  readonly whose: (origin: string) => 'own' | 'friend' | 'foreign';
}

const harmless = new Set(['GET', 'HEAD']);

/**
 * A pass comes along whoever's page makes the browser ask, so the page is looked at: true when it may. Following a link is allowed from
 * anywhere, as reading by a script is not, nor a WebSocket that does not say where it comes from.
 */
export function isAllowedPage({ method, headers, upgrade, whose }: Asked): boolean {
  const { origin } = headers;
  const site = single(headers['sec-fetch-site']);
  // A page of its own without a referrer says `null`, and so does everybody's sandboxed frame.
  if (origin !== undefined && origin !== 'null') return whose(origin) !== 'foreign';
  if (origin === 'null') return site === 'same-origin';
  if (upgrade) return false;
  if (site === undefined) return harmless.has(method);
  if (site === 'same-origin' || site === 'none') return true;
  return harmless.has(method) && isNavigation(headers);
}

function isNavigation(headers: IncomingHttpHeaders): boolean {
  const to = single(headers['sec-fetch-dest']);
  return single(headers['sec-fetch-mode']) === 'navigate' && (to === 'document' || to === 'iframe');
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join() : value;
}
