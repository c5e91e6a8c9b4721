import { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import type { Channel } from '../protocol/channel.ts';

/** A channel as a Node stream: each direction ends by itself, destroying it resets the channel. */
export class ChannelStream extends Duplex {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    super({ allowHalfOpen: true });
    this.#channel = channel;
    // A sandbox that ends must not take the host with it because nobody listens to one of its connections.
    this.on('error', () => undefined);
    channel.whenFailed((error) => this.destroy(error));
  }

  override _read(): void {
    void this.#pull();
  }

  async #pull(): Promise<void> {
    try {
      for (;;) {
        const item = await this.#channel.next();
        if (item?.kind === 'message') continue;
        this.push(item === null ? null : item.bytes);
        return;
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    callbackify(() => this.#channel.write(chunk))((error) => done(error));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#channel.reset('connection_lost', 'The connection was closed.');
    done(error);
  }
}
