const mostEach = 1_000_000;
const mostTogether = 16_000_000;

/** Contents that no checkpoint has yet, as many as there is room for; the oldest go first. */
export class RememberedBytes {
  readonly #bytes = new Map<string, Uint8Array>();
  #together = 0;

  get(key: string): Uint8Array | undefined {
    return this.#bytes.get(key);
  }

  /** Null forgets. */
  set(key: string, bytes: Uint8Array | null): void {
    this.#drop(key);
    if (bytes === null || bytes.length > mostEach) return;
    this.#bytes.set(key, bytes);
    this.#together += bytes.length;
    for (const oldest of this.#bytes.keys()) {
      if (this.#together <= mostTogether) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#together -= this.#bytes.get(key)?.length ?? 0;
    this.#bytes.delete(key);
  }
}
