import { newToken } from '../auth/tokens.ts';
import { digestOf } from '../server/digest.ts';
import { labelOf, type ForeignPlace } from './foreign-origins.ts';

const ticketMs = 60_000;
const passMs = 12 * 60 * 60 * 1000;
const mostTickets = 10_000;

/** Hash of the console session that asked; null for the CLI's token. */
type Asker = string | null;

interface Ticket {
  readonly label: string;
  readonly path: string;
  readonly asker: Asker;
  readonly console: string | null;
  readonly until: number;
}

/** Lets a browser in to one foreign origin, as long as the console session lasts that it comes from. */
export interface Pass {
  readonly label: string;
  readonly asker: Asker;
  /** Origin of the console that may show it in a frame; null for a pass that came from the command line. */
  readonly console: string | null;
  readonly until: number;
  /** Connections that were let in with it: destroyed when it ends. */
  readonly open: Set<{ destroy(): void }>;
}

/** Tickets, which work once and within a minute, and the passes they become. Both are known by their digests alone, and end with the process. */
export class Passes {
  readonly #tickets = new Map<string, Ticket>();
  readonly #passes = new Map<string, Pass>();
  readonly #clock: () => number;

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** `path` is where the browser is led afterwards. */
  issue(place: ForeignPlace, order: Pick<Ticket, 'path' | 'asker' | 'console'>): string {
    this.#forgetOld();
    const ticket = newToken('dft');
    this.#tickets.set(digestOf(ticket), { ...order, label: labelOf(place), until: this.#clock() + ticketMs });
    return ticket;
  }

  /** Trades a ticket for a pass; null when it is used, old, or for another origin. Trying it at another origin uses it up. */
  redeem(ticket: string, place: ForeignPlace): { readonly secret: string; readonly path: string } | null {
    const key = digestOf(ticket);
    const known = this.#tickets.get(key);
    this.#tickets.delete(key);
    if (!known || known.until < this.#clock() || known.label !== labelOf(place)) return null;
    const secret = newToken('dfp');
    const { label, asker, path } = known;
    const pass: Pass = { label, asker, console: known.console, until: this.#clock() + passMs, open: new Set() };
    this.#passes.set(digestOf(secret), pass);
    return { secret, path };
  }

  find(secrets: readonly string[], place: ForeignPlace): Pass | null {
    for (const secret of secrets) {
      const pass = this.#passes.get(digestOf(secret));
      if (pass && pass.until >= this.#clock() && pass.label === labelOf(place)) return pass;
    }
    return null;
  }

  /** Sessions that passes or tickets were given to. */
  askers(): readonly string[] {
    const all = [...this.#passes.values(), ...this.#tickets.values()].map(({ asker }) => asker);
    return [...new Set(all.filter((asker) => asker !== null))];
  }

  /** Ends all that these sessions were given, open connections included. */
  end(askers: readonly string[]): void {
    const ended = new Set<Asker>(askers);
    for (const [key, { asker }] of this.#tickets) if (ended.has(asker)) this.#tickets.delete(key);
    for (const [key, pass] of this.#passes) if (ended.has(pass.asker)) this.#drop(key, pass);
  }

  endAll(): void {
    this.#tickets.clear();
    for (const [key, pass] of this.#passes) this.#drop(key, pass);
  }

  #drop(key: string, pass: Pass): void {
    this.#passes.delete(key);
    for (const connection of pass.open) connection.destroy();
  }

  #forgetOld(): void {
    const now = this.#clock();
    for (const [key, { until }] of this.#tickets)
      if (until < now || this.#tickets.size > mostTickets) this.#tickets.delete(key);
    for (const [key, pass] of this.#passes) if (pass.until < now) this.#drop(key, pass);
  }
}
