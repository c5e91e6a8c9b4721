/** Reads a stream of bytes by lines and by counts. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Up to the next line's end, without it. Throws when the stream ends before. */
  async line(): Promise<string> {
    let line = Buffer.alloc(0);
    for (;;) {
      const end = this.#held.indexOf(0x0a);
      line = Buffer.concat([line, end < 0 ? this.#held : this.#held.subarray(0, end)]);
      if (end >= 0) {
        this.#held = this.#held.subarray(end + 1);
        return line.toString();
      }
      if (line.length > longestLine) throw new Error('a line has no end');
      await this.#more();
    }
  }

  /** Exactly so many bytes, in pieces. They must be read before anything else is. */
  async *take(count: number): AsyncIterable<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.#held.length === 0) await this.#more();
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async end(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true) throw new Error('the stream ended too early');
    this.#held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
  }
}

const longestLine = 65_536;
