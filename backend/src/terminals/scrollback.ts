const firstBytes = 64 * 1024;
const lineFeed = 10;

/** The last bytes of a screen, each by its place in everything that was ever written on it. Never holds more than its capacity. */
export class Scrollback {
  readonly #capacity: number;
  #ring = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Place of the oldest byte that is still there. */
  get start(): number {
    return this.#start;
  }

  /** Place behind the newest byte. */
  get end(): number {
    return this.#end;
  }

  push(bytes: Uint8Array): void {
    this.#grow(this.#end - this.#start + bytes.length);
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#ring.length));
    let place = this.#end + bytes.length - kept.length;
    for (let at = 0; at < kept.length;) {
      const into = place % this.#ring.length;
      const piece = kept.subarray(at, at + this.#ring.length - into);
      this.#ring.set(piece, into);
      at += piece.length;
      place += piece.length;
    }
    this.#end += bytes.length;
    this.#start = Math.max(this.#start, this.#end - this.#ring.length);
  }

  /** A copy of bytes from a place on that is still there; at most `most`, empty at the end. */
  read(place: number, most: number): Buffer {
    const length = Math.min(most, this.#end - place);
    if (length <= 0) return Buffer.alloc(0);
    const from = place % this.#ring.length;
    const first = this.#ring.subarray(from, from + length);
    return Buffer.concat([first, this.#ring.subarray(0, length - first.length)]);
  }

  /** Where to begin for who has nothing from before: a line's start, so that no character or escape sequence is cut in two. */
  get firstLine(): number {
    if (this.#start === 0) return 0;
    const found = this.read(this.#start, 16 * 1024).indexOf(lineFeed);
    return found < 0 ? this.#start : this.#start + found + 1;
  }

  #grow(wanted: number): void {
    if (this.#ring.length >= Math.min(wanted, this.#capacity)) return;
    let size = Math.max(firstBytes, this.#ring.length);
    while (size < wanted) size *= 2;
    const held = this.read(this.#start, this.#end - this.#start);
    this.#ring = Buffer.alloc(Math.min(size, this.#capacity));
    const place = this.#start;
    for (let at = 0; at < held.length;) {
      const into = (place + at) % this.#ring.length;
      const piece = held.subarray(at, at + this.#ring.length - into);
      this.#ring.set(piece, into);
      at += piece.length;
    }
  }
}
