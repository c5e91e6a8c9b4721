/** Keeps the first and the last bytes of a stream; what lies between is counted and dropped. */
export class HeadTail {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  readonly #head: Buffer[] = [];
  #headSize = 0;
  #tail: Buffer[] = [];
  #tailSize = 0;
  #dropped = 0;

  constructor(limit: number) {
    this.#headLimit = Math.ceil(limit / 2);
    this.#tailLimit = Math.floor(limit / 2);
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a chunk and gives back the part of it that went into the head. */
  push(chunk: Buffer): Buffer {
    const intoHead = chunk.subarray(0, Math.max(0, this.#headLimit - this.#headSize));
    if (intoHead.length > 0) {
      // A copy: a small piece must not keep a whole read buffer alive.
      this.#head.push(Buffer.from(intoHead));
      this.#headSize += intoHead.length;
    }
    const rest = chunk.subarray(intoHead.length);
    if (rest.length > 0) this.#pushTail(rest);
    return intoHead;
  }

  head(): Buffer {
    return Buffer.concat(this.#head, this.#headSize);
  }

  tail(): Buffer {
    return Buffer.concat(this.#tail, this.#tailSize);
  }

  #pushTail(chunk: Buffer): void {
    this.#tail.push(Buffer.from(chunk));
    this.#tailSize += chunk.length;
    // Cut only now and then, so that a flood of small chunks costs little.
    if (this.#tailSize > 2 * this.#tailLimit || this.#tail.length > 1000) this.#tail = [this.tail()];
    const excess = this.#tailSize - this.#tailLimit;
    const only = this.#tail[0];
    if (excess > 0 && this.#tail.length === 1 && only) this.#cut(only, excess);
  }

  #cut(bytes: Buffer, excess: number): void {
    this.#tail = [Buffer.from(bytes.subarray(excess))];
    this.#tailSize -= excess;
    this.#dropped += excess;
  }

  /** Brings the tail to its size; called before it is read. */
  settle(): this {
    const excess = this.#tailSize - this.#tailLimit;
    if (excess > 0) this.#cut(this.tail(), excess);
    return this;
  }
}
