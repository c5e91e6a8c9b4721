/** Remembers that something happened until it is waited for: a wake-up between two waits is not lost. */
export class Wake {
  #woken = false;
  #resolve: (() => void) | null = null;

  ring(): void {
    this.#woken = true;
    this.#resolve?.();
  }

  /** Resolves at the next ring, or at once when one came since the last wait, or when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#woken && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      this.#resolve = null;
    }
    this.#woken = false;
  }
}
