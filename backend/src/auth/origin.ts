import type { IncomingHttpHeaders } from 'node:http';
import { HttpProblem } from '../http/problem.ts';

/** What of a request says whose page it comes from. */
export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** It brought a browser's cookie. */
  readonly byCookie: boolean;
}

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Names under which this server may be asked: anything else is a page that made a name of its own point here. */
export function refuseForeignHost(request: Pick<Asked, 'headers'>, hosts: ReadonlySet<string>): void {
  const name = hostName(request.headers.host ?? '');
  if (name !== null && hosts.has(name)) return;
  throw new HttpProblem(403, 'foreign_host', {
    detail: `This server does not answer for that host name; use one of ${[...hosts].join(', ')}, or allow it with DEVFACTORY_ALLOWED_HOSTS.`,
  });
}

/**
 * A browser that carries our cookie must come from our own page. Reading from another site's page is refused as well:
 * its answer would be hidden from that page anyway, but a stream would cost us.
 */
export function refuseForeignOrigin({ method, headers, byCookie }: Asked): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  const foreign = () =>
    new HttpProblem(403, 'foreign_origin', { detail: 'This request comes from another site’s page.' });
  if (origin !== undefined && hostOf(origin) !== host) throw foreign();
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign();
  if (harmless.has(method)) return;
  // Browsers always say one of the two with a request that changes something.
  if (origin === undefined && site === undefined && byCookie) throw foreign();
}

function hostName(host: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(host);
  return match?.[1]?.toLowerCase() ?? null;
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
