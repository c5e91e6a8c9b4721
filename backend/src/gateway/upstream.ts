import type { Duplex } from 'node:stream';
import type { ForeignPlace } from './foreign-origins.ts';

/** What stands behind a kind of foreign origin. A new one is an implementation and its line in core.ts. */
export interface Upstream {
  /** Whose pages may call it with the person's pass: its own only, or those of the same workspace too. */
  readonly calledBy: 'itself' | 'its workspace';
  /**
   * A fresh connection that speaks HTTP/1.1, ended by the gateway. Called for every request, only for who was let in; it is told of use
   * by that. Throws DomainError, whose message a person reads on a page; with retryAfterSeconds the page tries again by itself.
   */
  connect(place: ForeignPlace): Promise<Duplex>;
}

/** Upstreams by service: 'port' serves all numbers. */
export type Upstreams = ReadonlyMap<string, Upstream>;

export function upstreamOf(upstreams: Upstreams, { service }: ForeignPlace): Upstream | null {
  return upstreams.get(typeof service === 'number' ? 'port' : service) ?? null;
}
