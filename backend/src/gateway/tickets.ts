import { ForeignPath, type ForeignTicket } from '@devfactory/contracts';
import type { FastifyRequest } from 'fastify';
import { enterPath } from './entry.ts';
import type { ForeignOrigins, ForeignPlace } from './foreign-origins.ts';
import type { Passes } from './passes.ts';

/** Gives tickets to whoever is let in at the console. */
export class ForeignTickets {
  readonly #origins: () => ForeignOrigins;
  readonly #passes: Passes;

  constructor(parts: { readonly origins: () => ForeignOrigins; readonly passes: Passes }) {
    this.#origins = parts.origins;
    this.#passes = parts.passes;
  }

  /** `path`: what the browser sees first, which may depend on the origin. Throws preview_origin_missing. */
  issue(http: FastifyRequest, place: ForeignPlace, path: string | ((origin: string) => string)): ForeignTicket {
    const origin = this.#origins().originOf(place, http.headers.host ?? '');
    const ticket = this.#passes.issue(place, {
      path: ForeignPath.parse(typeof path === 'string' ? path : path(origin)),
      asker: http.identity?.session?.hash ?? null,
      console: http.headers.origin ?? null,
    });
    return { origin, action: `${origin}${enterPath}`, ticket };
  }
}
