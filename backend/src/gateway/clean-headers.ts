import type { IncomingMessage } from 'node:http';
import { isOurs, takePasses } from './pass-cookie.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** What a client could use to say that it is somebody else. */
const forwarding = /^(?:forwarded|x-forwarded-.*|x-real-ip|x-client-ip|via)$/;

/** Rules that an answer would set for more than its own origin, or that the gateway sets itself. */
const withheld = new Set([
  'strict-transport-security',
  'public-key-pins',
  'clear-site-data',
  'alt-svc',
  'nel',
  'report-to',
  'reporting-endpoints',
  'x-frame-options',
  'origin-agent-cluster',
  'set-cookie2',
]);

export interface Origins {
  /** As the browser has it. */
  readonly public: string;
  /** As the application is told. */
  readonly inner: string;
  /** Pages that may show it in a frame. */
  readonly framedBy: readonly string[];
}

type Flat = string[];

/** What the application gets: everything but what is the platform's, or would let a client claim to be another. */
export function requestHeaders(request: IncomingMessage, origins: Origins, platformToken: string): Flat {
  const out: Flat = ['Host', new URL(origins.inner).host];
  const named = namedInConnection(request.headers.connection);
  each(request.rawHeaders, (name, value) => {
    const key = name.toLowerCase();
    if (key === 'host' || key === 'cookie' || hopByHop.has(key) || forwarding.test(key) || named.has(key)) return;
    // Never sent by a browser by itself: somebody used the platform's own key at the wrong door.
    if (value.includes(platformToken)) return;
    const isOwn = (key === 'origin' || key === 'referer') && value.startsWith(origins.public);
    out.push(name, isOwn ? origins.inner + value.slice(origins.public.length) : value);
  });
  const { rest } = takePasses(request.headers.cookie);
  if (rest !== null) out.push('Cookie', rest);
  const shown = new URL(origins.public);
  out.push('X-Forwarded-Host', shown.host, 'X-Forwarded-Proto', shown.protocol.slice(0, -1));
  return out;
}

/** What the browser gets: nothing that reaches beyond this origin, and a frame nowhere but in the console. */
export function responseHeaders(rawHeaders: readonly string[], origins: Origins): Flat {
  const out: Flat = [];
  const named = namedInConnection(valueOf(rawHeaders, 'connection'));
  each(rawHeaders, (name, value) => {
    const key = name.toLowerCase();
    if (hopByHop.has(key) || withheld.has(key) || named.has(key)) return;
    if (key === 'set-cookie') {
      const cookie = ownCookie(value);
      if (cookie !== null) out.push(name, cookie);
    } else if (key === 'location' || key === 'content-location') out.push(name, outward(value, origins));
    else if (key === 'content-security-policy') out.push(name, withoutFrameAncestors(value));
    else out.push(name, value);
  });
  out.push(
    'Content-Security-Policy',
    `frame-ancestors 'self' ${origins.framedBy.join(' ')}`,
    'Origin-Agent-Cluster',
    '?1',
  );
  return out;
}

/** A cookie for this host alone, whatever it asked for; null for names that are ours. */
function ownCookie(value: string): string | null {
  const [pair = '', ...attributes] = value.split(';');
  if (isOurs(pair.split('=')[0] ?? '')) return null;
  return [pair, ...attributes.filter((attribute) => !/^\s*domain\s*(?:=|$)/i.test(attribute))].join(';');
}

/** Applications name themselves as they were asked, or by the address they listen on. */
function outward(location: string, { public: shown, inner }: Origins): string {
  if (location === inner || location.startsWith(`${inner}/`)) return shown + location.slice(inner.length);
  return location;
}

function withoutFrameAncestors(policy: string): string {
  return policy
    .split(';')
    .filter((directive) => !/^\s*frame-ancestors\b/i.test(directive))
    .join(';');
}

/** Visits names and values of a flat list, in their order. */
export function each(rawHeaders: readonly string[], visit: (name: string, value: string) => void): void {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) visit(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
}

function valueOf(rawHeaders: readonly string[], key: string): string | undefined {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === key);
  return at < 0 ? undefined : rawHeaders[at + 1];
}

function namedInConnection(value: string | undefined): ReadonlySet<string> {
  return new Set(
    (value ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}
