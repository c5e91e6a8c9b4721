import type { Actor } from '@devfactory/contracts';
import type { FastifyRequest } from 'fastify';
import type { Session } from './session.store.ts';

/** Who asks: through a browser's session, or with the CLI's token (no session). */
export interface Identity {
  readonly actor: Actor;
  readonly session: Session | null;
}

const owner: Actor = { kind: 'person', name: 'owner' };

export function identityOf(session: Session | null): Identity {
  return { actor: owner, session };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the gate on every request that gave a valid cookie or token. */
    identity: Identity | null;
  }
  interface FastifyContextConfig {
    policy?: 'public' | 'person';
    /** Bytes; taken over as the route's own limit. */
    bodyLimit?: number;
    /** Its JSON body comes as the text that it is. */
    unread?: true;
  }
}

/** Whom the log names. Only behind a route whose policy is `person`. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.identity) throw new Error('the gate let a stranger through');
  return request.identity.actor;
}
