import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';

/** The largest that a browser says at once is a screenshot. */
const messageCharacters = 24 * 1024 * 1024;

const Message = z.looseObject({
  id: z.int().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  sessionId: z.string().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

export interface BrowserEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A browser refused what it was asked. */
export class RefusedByBrowser extends Error {}

/**
 * The DevTools protocol over a stream: JSON, each message ended by a zero byte. What comes is untrusted input, bounded and parsed by whoever
 * asked for it. Calls throw RefusedByBrowser, and DomainError browser_gone when the stream ends.
 */
export class DevTools {
  readonly #stream: Duplex;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: BrowserEvent) => void>();
  readonly #decoder = new StringDecoder('utf8');
  #text = '';
  #last = 0;
  #end: DomainError | null = null;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (bytes: Buffer) => this.#read(bytes));
    stream.on('error', (error) => this.#over(`The browser broke off: ${error.message}`));
    stream.on('close', () => this.#over('The browser ended.'));
  }

  call(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    if (this.#end) return Promise.reject(this.#end);
    const id = (this.#last += 1);
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#stream.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
    return answer;
  }

  /** Tells each event until what it returns is called. */
  listen(listener: (event: BrowserEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stream.destroy();
  }

  #read(bytes: Buffer): void {
    const parts = (this.#text + this.#decoder.write(bytes)).split('\0');
    this.#text = parts.pop() ?? '';
    if (this.#text.length > messageCharacters) this.#stream.destroy(new Error('it said too much at once'));
    else for (const part of parts) this.#take(part);
  }

  #take(text: string): void {
    let message: z.infer<typeof Message>;
    try {
      message = Message.parse(JSON.parse(text));
    } catch {
      this.#stream.destroy(new Error('it said what is no message'));
      return;
    }
    const { id, method, params = {}, result, error } = message;
    if (id === undefined) {
      if (method !== undefined) for (const listener of this.#listeners) listener({ method, params });
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new RefusedByBrowser(error.message));
    else waiting?.resolve(result);
  }

  #over(message: string): void {
    this.#end ??= new DomainError('browser_gone', 'unavailable', { message });
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}
