import type { Log } from './log.ts';

/** What was opened, to be closed in the opposite order, also when opening stopped half-way. */
export class Closers {
  readonly #closers: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];
  readonly #log: () => Log | null;

  constructor(log: () => Log | null) {
    this.#log = log;
  }

  add(name: string, close: () => Promise<void> | void): void {
    this.#closers.push({ name, close });
  }

  /** Closes everything once; one that fails does not keep the others open. */
  async close(): Promise<void> {
    for (let next = this.#closers.pop(); next; next = this.#closers.pop()) {
      try {
        await next.close();
      } catch (error) {
        this.#log()?.error({ err: error }, `${next.name} did not close in order`);
      }
    }
  }
}
