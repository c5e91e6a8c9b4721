import { TerminalWord, type TerminalEnd, type TerminalNote, type TerminalSize } from '@devfactory/contracts';
import { factory } from './factory.ts';

export interface TerminalLineEvents {
  /** More of the screen; call `shown` when it is drawn. `replay`: it was shown before, and what it asks for was answered then. */
  readonly bytes: (bytes: Uint8Array, at: { readonly replay: boolean; readonly shown: () => void }) => void;
  /** What was shown is not what comes next: the screen begins anew. */
  readonly reset: () => void;
  readonly state: (state: LineState) => void;
}

export type LineState =
  | { readonly is: 'connecting' }
  | { readonly is: 'open' }
  /** Lost; tried again by itself. */
  | { readonly is: 'lost' }
  | { readonly is: 'ended'; readonly ended: TerminalEnd };

const noteEveryBytes = 32 * 1024;
const longestPauseMs = 5_000;
/** The server's word for a session that is over. */
const loggedOut = 4401;

/** The way to one terminal: goes on where it was after a lost connection, without a byte lost or shown twice, until the terminal ends. */
export class TerminalLine {
  readonly #place: { readonly runId: string; readonly id: string };
  readonly #events: TerminalLineEvents;
  #socket: WebSocket | null = null;
  #size: TerminalSize;
  /** Place of the next byte; null before the first. */
  #next: number | null = null;
  #replayTo = 0;
  #shown = 0;
  #told = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(place: { readonly runId: string; readonly id: string }, size: TerminalSize, events: TerminalLineEvents) {
    this.#place = place;
    this.#size = size;
    this.#events = events;
    this.#connect();
  }

  type(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#tell({ size });
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    const { runId, id } = this.#place;
    const url = new URL(factory.terminals.socketPath(runId, id, this.#next), location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#failures = 0;
      this.#events.state({ is: 'open' });
      this.#tell({ size: this.#size });
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#take(new Uint8Array(data));
      else this.#hear(data);
    });
    socket.addEventListener('close', ({ code }) => {
      if (!this.#over) void this.#lost(code);
    });
  }

  #take(bytes: Uint8Array): void {
    const from = this.#next ?? 0;
    this.#next = from + bytes.length;
    const place = this.#next;
    this.#events.bytes(bytes, {
      replay: from < this.#replayTo,
      shown: () => {
        this.#shown = place;
        // At the end of what is here at once, else now and then.
        if (place - this.#told < noteEveryBytes && place !== this.#next) return;
        this.#told = place;
        this.#tell({ shown: place });
      },
    });
  }

  #hear(data: unknown): void {
    const word = TerminalWord.safeParse(typeof data === 'string' ? parse(data) : null).data;
    if (word?.is === 'screen') {
      if (this.#next !== null && this.#next !== word.from) this.#events.reset();
      this.#next = word.from;
      this.#told = Math.min(this.#shown, word.from);
      this.#replayTo = word.replayTo;
    } else if (word?.is === 'ended') this.#end(word.ended);
  }

  #end(ended: TerminalEnd): void {
    this.close();
    this.#events.state({ is: 'ended', ended });
  }

  /** A browser is not told why a socket was refused: the list of terminals says whether it still exists. */
  async #lost(code: number): Promise<void> {
    this.#events.state({ is: 'lost' });
    const gone = (sentence: string): void => this.#end({ sentence, exitCode: null, signal: null });
    if (code === loggedOut) return gone('You are logged out. Log in again to go on here.');
    const cards = await factory.terminals.list(this.#place.runId).catch(() => null);
    if (this.#over) return;
    if (cards?.every(({ id }) => id !== this.#place.id)) {
      return gone('It is gone: the factory was started anew since, or somebody closed it.');
    }
    const pauseMs = Math.min(250 * 2 ** this.#failures++, longestPauseMs);
    this.#timer = setTimeout(() => this.#connect(), pauseMs);
  }

  #tell(note: TerminalNote): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(note));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
