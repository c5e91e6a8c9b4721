import { once } from 'node:events';
import type { FastifyReply } from 'fastify';

const heartbeatMs = 15_000;
/** A reader that takes nothing for this long is cut; it resumes from its last event id. */
const slowReaderMs = 20_000;
/** With so much on its way to a reader, what may be left out is. */
const droppableBytes = 64 * 1024;

/** One Server-Sent Events answer. Its writer waits for its reader, so nothing piles up here. */
export class SseStream {
  readonly closed: AbortSignal;
  readonly #reply: FastifyReply;
  readonly #slowReaderMs: number;
  readonly #closing = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;

  /** Takes the reply over and sends the headers at once. */
  constructor(reply: FastifyReply, patience: { readonly slowReaderMs: number } = { slowReaderMs }) {
    this.#reply = reply;
    this.#slowReaderMs = patience.slowReaderMs;
    this.closed = this.#closing.signal;
    reply.hijack();
    const headers = {
      ...reply.getHeaders(),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    reply.raw.writeHead(200, headers as Record<string, string>);
    reply.raw.once('close', () => this.close());
    reply.raw.once('error', () => this.close());
    this.#heartbeat = setInterval(() => this.#comment(), heartbeatMs);
    reply.raw.write('retry: 1000\n\n');
  }

  /** Sends messages; resolves when the reader can take more. After the stream was closed it does nothing. */
  async send(
    messages: readonly { readonly id?: number; readonly event: string; readonly data: unknown }[],
  ): Promise<void> {
    if (this.closed.aborted || messages.length === 0) return;
    const text = messages
      .map(
        ({ id, event, data }) =>
          `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
      )
      .join('');
    if (this.#reply.raw.write(text)) return;
    const patience = AbortSignal.any([this.closed, AbortSignal.timeout(this.#slowReaderMs)]);
    try {
      await once(this.#reply.raw, 'drain', { signal: patience });
    } catch {
      this.#cut();
    }
  }

  /** Sends what may be left out: nothing, where the reader is behind. What was written at this moment does not make it so. */
  sendIfRoom({ event, data }: { readonly event: string; readonly data: unknown }): void {
    if (this.closed.aborted || this.#reply.raw.writableLength > droppableBytes) return;
    this.#reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Ends the answer. May be called twice. */
  close(): void {
    if (this.closed.aborted) return;
    clearInterval(this.#heartbeat);
    this.#closing.abort();
    this.#reply.raw.end();
  }

  #comment(): void {
    if (this.#reply.raw.writableLength === 0) this.#reply.raw.write(': still here\n\n');
  }

  #cut(): void {
    this.close();
    this.#reply.raw.destroy();
  }
}
