import type { TerminalEnd, TerminalWord } from '@devfactory/contracts';
import type { Scrollback } from './scrollback.ts';

/** Bytes sent ahead of what the browser says it has shown. */
const aheadBytes = 256 * 1024;
const pieceBytes = 32 * 1024;

/** What is looked at. */
export interface Shown {
  readonly scrollback: Scrollback;
  readonly ended: TerminalEnd | null;
  /** This viewer has shown more. */
  wake(): void;
}

/** The way to one browser. */
export interface ViewerWay {
  bytes(bytes: Uint8Array): void;
  word(word: TerminalWord): void;
  /** Nothing more will come. */
  end(): void;
}

/** One browser that looks at a terminal, as far as it has come. What it cannot keep up with it never gets: it goes on with what is still there. */
export class Viewer {
  readonly #terminal: Shown;
  readonly #way: ViewerWay;
  #sent: number;
  #shown: number;
  #heard = performance.now();
  #over = false;

  /** `from`: the place up to which it has the screen already; null for nothing. */
  constructor(terminal: Shown, way: ViewerWay, from: number | null) {
    this.#terminal = terminal;
    this.#way = way;
    const { start, end, firstLine } = terminal.scrollback;
    this.#sent = from !== null && from >= start && from <= end ? from : firstLine;
    this.#shown = this.#sent;
    way.word({ is: 'screen', from: this.#sent, replayTo: end });
  }

  /** Place up to which it has shown the screen. */
  get shown(): number {
    return this.#shown;
  }

  /** Milliseconds since it showed something, while it has something to show. */
  get silentMs(): number {
    return this.#shown === this.#sent ? 0 : performance.now() - this.#heard;
  }

  hasShown(place: number): void {
    this.#shown = Math.min(Math.max(this.#shown, place), this.#sent);
    this.#heard = performance.now();
    this.show();
    this.#terminal.wake();
  }

  /** Sends what it may be sent. */
  show(): void {
    const { scrollback, ended } = this.#terminal;
    while (!this.#over && this.#sent < scrollback.end && this.#sent - this.#shown < aheadBytes) {
      if (this.#sent < scrollback.start) this.#skip();
      if (this.#sent === this.#shown) this.#heard = performance.now();
      const bytes = scrollback.read(this.#sent, pieceBytes);
      this.#sent += bytes.length;
      this.#way.bytes(bytes);
    }
    if (ended === null || this.#over || this.#sent < scrollback.end) return;
    this.#over = true;
    this.#way.word({ is: 'ended', ended });
    this.#way.end();
  }

  #skip(): void {
    this.#sent = this.#terminal.scrollback.firstLine;
    this.#shown = this.#sent;
    this.#way.word({ is: 'screen', from: this.#sent, replayTo: this.#sent });
  }
}
