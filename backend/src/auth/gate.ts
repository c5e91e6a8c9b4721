import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.ts';
import { readCookie } from './cookie.ts';
import { identityOf, type Identity } from './identity.ts';
import { refuseForeignHost, refuseForeignOrigin } from './origin.ts';
import type { SessionStore } from './session.store.ts';
import { sameSecret } from './tokens.ts';

export interface GateParts {
  readonly sessions: SessionStore;
  readonly cliToken: string;
  readonly cookieName: string;
  readonly hosts: ReadonlySet<string>;
  /** Origins of foreign code: the console shows them in frames and sends them tickets, and nothing else. */
  readonly foreignSources: readonly string[];
}

/**
 * Stands before every route and every file, before a body is read: host, login, origin, then the route's own policy.
 * What declares no policy is closed.
 */
export function standGuard(http: FastifyInstance, parts: GateParts): void {
  http.decorateRequest('identity', null);
  const contentPolicy = contentPolicyWith(parts.foreignSources.join(' '));
  http.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    secureHeaders(request, reply, contentPolicy);
    refuseForeignHost(request, parts.hosts);
    const policy = request.is404 ? policyOfUnknown(request) : request.routeOptions.config.policy;
    if (policy === 'public') return;
    request.identity = await admit(request, parts);
    if (policy !== 'person')
      throw new HttpProblem(403, 'no_policy', { detail: 'This route does not say who may use it, so nobody may.' });
  });
}

/**
 * The same gate for a WebSocket, whose routes are none of the router's. A browser's page says with each where it comes from, so one
 * with a cookie and no origin is refused. Throws HttpProblem.
 */
export async function admitUpgrade(request: IncomingMessage, parts: GateParts): Promise<Identity> {
  refuseForeignHost(request, parts.hosts);
  return admit({ headers: request.headers, method: 'UPGRADE' }, parts);
}

/** Who asks, from where he may. */
async function admit(
  request: { readonly headers: IncomingHttpHeaders; readonly method: string },
  parts: GateParts,
): Promise<Identity> {
  const identity = await identify(request.headers, parts);
  if (!identity) {
    throw new HttpProblem(401, 'not_logged_in', {
      detail:
        'Open the link that the server printed (devfactory up prints a new one), or send the token of the data directory’s cli-token as a bearer token.',
    });
  }
  const byCookie = identity.session !== null;
  if (byCookie || request.headers.origin !== undefined) {
    refuseForeignOrigin({ headers: request.headers, method: request.method, byCookie });
  }
  return identity;
}

/** Unknown addresses outside of the API belong to the console, which routes by itself. */
function policyOfUnknown(request: FastifyRequest): 'public' | 'person' {
  return isApi(request) ? 'person' : 'public';
}

async function identify(headers: IncomingHttpHeaders, parts: GateParts): Promise<Identity | null> {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const [scheme, token] = authorization.split(' ');
    return scheme?.toLowerCase() === 'bearer' && token !== undefined && sameSecret(token, parts.cliToken)
      ? identityOf(null)
      : null;
  }
  const secret = readCookie(headers.cookie, parts.cookieName);
  const session = secret === null ? null : await parts.sessions.find(secret);
  return session ? identityOf(session) : null;
}

function contentPolicyWith(foreign: string): string {
  return (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; " +
    `manifest-src 'self'; worker-src 'self'; frame-src ${foreign}; base-uri 'none'; form-action 'self' ${foreign}; frame-ancestors 'none'; object-src 'none'`
  );
}

function secureHeaders(request: FastifyRequest, reply: FastifyReply, contentPolicy: string): void {
  void reply.headers({
    'content-security-policy': contentPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), clipboard-read=()',
  });
  if (isApi(request)) void reply.header('cache-control', 'no-store');
}

function isApi(request: FastifyRequest): boolean {
  return request.url.startsWith('/api/') || request.url === '/api';
}
