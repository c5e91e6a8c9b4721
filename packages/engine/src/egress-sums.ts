import type { EventOf } from '@devfactory/contracts';
import type { EgressDecision } from '@devfactory/kit';

/** How often sandboxes wanted to go to one port of one host, and whether they were let. */
export interface EgressSum {
  readonly host: string;
  readonly port: number;
  readonly allowed: boolean;
  readonly count: number;
}

/** No name is longer. */
const hostLetters = 253;
/** As many as one event takes. */
const factSums = 100;

/** Adds up what egress proxies decided, for the log. */
export class EgressSums {
  readonly #sums = new Map<string, EgressSum>();

  add(decisions: readonly EgressDecision[]): this {
    for (const { host: name, port, allowed } of decisions) {
      const host = name.slice(0, hostLetters);
      const key = `${host}:${port}:${allowed}`;
      this.#sums.set(key, { host, port, allowed, count: (this.#sums.get(key)?.count ?? 0) + 1 });
    }
    return this;
  }

  all(): readonly EgressSum[] {
    return [...this.#sums.values()];
  }
}

/** Null when nothing wanted to go anywhere. */
export function egressFact(sums: readonly EgressSum[]): EventOf<'egress.decided'> | null {
  return sums.length === 0 ? null : { type: 'egress.decided', data: { decisions: sums.slice(0, factSums) } };
}
