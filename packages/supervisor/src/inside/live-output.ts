import type { Channel } from '../protocol/channel.ts';
import { HeadTail } from './head-tail.ts';

/** How often the tail is reported while it changes: what a flood may cost the host. */
const tailMs = 250;

/** Reports output while it comes: the head as it grows, after that the whole tail now and then. */
export class LiveOutput {
  readonly #channel: Channel;
  readonly #kept: HeadTail;
  #tailTimer: NodeJS.Timeout | null = null;
  #tailChanged = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(channel: Channel, limit: number) {
    this.#channel = channel;
    this.#kept = new HeadTail(limit);
  }

  push(chunk: Buffer): void {
    const head = this.#kept.push(chunk);
    if (head.length > 0) void this.#send('head', Buffer.from(head));
    if (head.length === chunk.length) return;
    this.#tailChanged = true;
    this.#tailTimer ??= setTimeout(() => this.#sendTail(), tailMs);
  }

  /** Reports what is left; nothing comes after it. */
  async finish(): Promise<void> {
    if (this.#tailTimer) clearTimeout(this.#tailTimer);
    if (this.#tailChanged) this.#sendTail();
    await this.#sending;
  }

  #sendTail(): void {
    this.#tailChanged = false;
    const tail = this.#kept.settle().tail();
    // The next report waits for this one: a slow host gets fewer, not a queue.
    void this.#send('tail', tail).then(() => {
      this.#tailTimer = this.#tailChanged ? setTimeout(() => this.#sendTail(), tailMs) : null;
    });
  }

  #send(part: 'head' | 'tail', bytes: Buffer): Promise<void> {
    const dropped = this.#kept.dropped;
    this.#sending = this.#sending
      .then(async () => {
        await this.#channel.send({ is: part, size: bytes.length, dropped });
        await this.#channel.write(bytes);
      })
      // The channel broke: the command ends through `whenFailed`.
      .catch(() => undefined);
    return this.#sending;
  }
}
