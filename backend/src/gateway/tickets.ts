import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { enterPath } from './entry.ts';
import type { ForeignOrigins, ForeignPlace } from './foreign-origins.ts';
import type { Passes } from './passes.ts';

/** A path of the foreign origin itself: never another origin, whatever a browser makes of slashes. */
const ForeignPath = z
  .string()
  .max(4000)
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'a path of the preview, like /orders?id=1');

/** What a browser needs to get in: `ticket` is sent by POST to `action`, as the field of that name, once and within a minute. */
export const ForeignTicket = z
  .strictObject({ origin: z.string(), action: z.string(), ticket: z.string() })
  .meta({ id: 'ForeignTicket' });
export type ForeignTicket = z.infer<typeof ForeignTicket>;

/** Gives tickets to whoever is let in at the console. */
export class ForeignTickets {
  readonly #origins: () => ForeignOrigins;
  readonly #passes: Passes;

  constructor(parts: { readonly origins: () => ForeignOrigins; readonly passes: Passes }) {
    this.#origins = parts.origins;
    this.#passes = parts.passes;
  }

  /** Throws preview_origin_missing. */
  issue(http: FastifyRequest, place: ForeignPlace, path: string): ForeignTicket {
    const origin = this.#origins().originOf(place, http.headers.host ?? '');
    const ticket = this.#passes.issue(place, {
      path: ForeignPath.parse(path),
      asker: http.identity?.session?.hash ?? null,
      console: http.headers.origin ?? null,
    });
    return { origin, action: `${origin}${enterPath}`, ticket };
  }
}
