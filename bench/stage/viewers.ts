import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { Factory } from './factory.ts';

const openAtOnce = 50;

/** Readers of one run's event stream. Each event's delay counts from the moment that the log has for it. */
export class Viewers {
  readonly #agent = new Agent({ maxSockets: Infinity });
  readonly #responses: IncomingMessage[] = [];
  readonly #seen: number[] = [];
  readonly #after: number;
  readonly delays: number[] = [];
  doubled = 0;
  /** Events that came after a gap. */
  skipped = 0;

  private constructor(after: number) {
    this.#after = after;
  }

  /** Resolves when every stream is open. `after`: the last event that they do not want. */
  static async open(
    factory: Factory,
    run: { readonly id: string; readonly after: number },
    count: number,
  ): Promise<Viewers> {
    const viewers = new Viewers(run.after);
    const url = `${factory.url}/api/runs/${run.id}/events?after=${run.after}`;
    for (let opened = 0; opened < count; opened += openAtOnce) {
      const some = Math.min(openAtOnce, count - opened);
      await Promise.all(Array.from({ length: some }, () => viewers.#openOne(url, factory.token)));
    }
    return viewers;
  }

  get count(): number {
    return this.#seen.length;
  }

  /** Events that have not come yet, of all that all viewers should have when the log stands at `seq`. */
  missing(seq: number): number {
    return this.#seen.reduce((sum, seen) => sum + Math.max(0, seq - seen), 0) + this.skipped;
  }

  close(): void {
    for (const response of this.#responses) response.destroy();
    this.#agent.destroy();
  }

  async #openOne(url: string, token: string): Promise<void> {
    const request = get(url, { agent: this.#agent, headers: { authorization: `Bearer ${token}` } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`a viewer was refused with ${String(response.statusCode)}`);
    const place = this.#seen.push(this.#after) - 1;
    let rest = '';
    response.setEncoding('utf8');
    response.on('error', () => undefined);
    response.on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#take(place, message);
    });
    this.#responses.push(response);
  }

  /** Reads the two fields that matter; a thousand viewers that parsed everything would measure themselves. */
  #take(place: number, message: string): void {
    const seq = Number(/^id: (\d+)$/m.exec(message)?.[1] ?? 0);
    if (seq === 0) return;
    const last = this.#seen[place] ?? 0;
    if (seq <= last) {
      this.doubled += 1;
      return;
    }
    this.skipped += seq - last - 1;
    this.#seen[place] = seq;
    const at = /"at":"([^"]+)"/.exec(message)?.[1] ?? '';
    this.delays.push(performance.timeOrigin + performance.now() - Date.parse(at));
  }
}
