import type { Duplex } from 'node:stream';

const mostLineBytes = 2 * 1024 * 1024;
/** What a server may say that nobody asked for, between two answers. */
const mostUnaskedBytes = 4 * 1024 * 1024;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * JSON-RPC with a program in the sandbox, a message a line. What it says is untrusted: a line too long, too much that nobody asked for,
 * or its end refuse all that waits and all that comes.
 */
export class Rpc {
  readonly #peer: Duplex;
  readonly #waiting = new Map<number, Waiting>();
  #parts: Buffer[] = [];
  #held = 0;
  #unasked = 0;
  #last = 0;
  #over: Error | null = null;

  constructor(peer: Duplex) {
    this.#peer = peer;
    peer.on('data', (chunk: Buffer) => this.#take(chunk));
    peer.on('error', (error) => this.end(error.message));
    peer.on('close', () => this.end('it ended'));
    peer.on('end', () => this.end('it ended'));
  }

  /** Why nothing more can be asked; null while it can. */
  get over(): string | null {
    return this.#over?.message ?? null;
  }

  /** Throws with what the server said, with why it is over, or when time or the signal ends. */
  async ask(
    method: string,
    params: object,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<unknown> {
    if (this.#over) throw this.#over;
    signal.throwIfAborted();
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const late = setTimeout(() => reject(new Error(`no answer within ${Math.round(timeoutMs / 1000)} s`)), timeoutMs);
    const leave = (): void => reject(new Error('interrupted'));
    signal.addEventListener('abort', leave, { once: true });
    try {
      this.#send({ jsonrpc: '2.0', id, method, params });
      return await promise;
    } catch (error) {
      if (!this.#over) this.tell('notifications/cancelled', { requestId: id });
      throw error;
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', leave);
      this.#waiting.delete(id);
    }
  }

  tell(method: string, params: object = {}): void {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  /** May be called twice; the first reason stays. */
  end(reason: string): void {
    this.#over ??= new Error(reason);
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
    this.#parts = [];
    this.#peer.destroy();
  }

  #send(message: object): void {
    // What a server does not read piles up in its pipe and then here: it is bounded by what is asked, one call after the other.
    if (!this.#over && !this.#peer.destroyed) this.#peer.write(`${JSON.stringify(message)}\n`);
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    for (let at = rest.indexOf(10); at !== -1 && !this.#over; at = rest.indexOf(10)) {
      const line = Buffer.concat([...this.#parts, rest.subarray(0, at)]);
      this.#parts = [];
      this.#held = 0;
      rest = rest.subarray(at + 1);
      this.#read(line);
    }
    if (this.#over || rest.length === 0) return;
    this.#held += rest.length;
    if (this.#held > mostLineBytes) return this.end(`it sent a line of more than ${mostLineBytes / 1024 / 1024} MB`);
    this.#parts.push(rest);
  }

  #read(line: Buffer): void {
    const message = line.length > mostLineBytes ? null : parsed(line.toString('utf8'));
    const waiting =
      typeof message?.id === 'number' && message.method === undefined ? this.#waiting.get(message.id) : undefined;
    if (waiting && message) {
      this.#unasked = 0;
      const { error } = message;
      if (error === undefined) waiting.resolve(message.result);
      else waiting.reject(new Error(refusalOf(error)));
      return;
    }
    this.#unasked += line.length + 1;
    if (this.#unasked > mostUnaskedBytes)
      return this.end(`it sent more than ${mostUnaskedBytes / 1024 / 1024} MB that nobody asked for`);
    // Servers may ask too: a ping is answered, all else is not offered here.
    if (message?.method !== undefined && message.id !== undefined && message.id !== null) {
      const { id } = message;
      if (message.method === 'ping') this.#send({ jsonrpc: '2.0', id, result: {} });
      else this.#send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'not offered' } });
    }
  }
}

function refusalOf(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'message' in error ? error.message : null;
  return typeof said === 'string' && said !== '' ? said.slice(0, 2000) : 'it refused';
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Null for what is no JSON object: servers that print to their output by mistake are common. */
function parsed(line: string): Message | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
