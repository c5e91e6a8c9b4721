import { dataPiece, frameOverhead, frameType, maxPayload } from './frame.ts';
import type { FrameType } from './frame.ts';
import { ProtocolError, Refusal } from './protocol-error.ts';

/** Bytes a side may send ahead of what the other has consumed. */
export const channelWindow = 512 * 1024;

/** What arrives on a channel, in order. */
export type Item =
  | { readonly kind: 'message'; readonly value: unknown }
  | { readonly kind: 'data'; readonly bytes: Buffer };

/** What a channel needs from its connection. */
export interface ChannelWire {
  send(type: FrameType, payload: Buffer): void;
  /** Neither side will speak on this channel any more. */
  done(): void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const empty = Buffer.alloc(0);

/** One conversation: messages (JSON) and data (bytes) in both directions, in order, with flow control. */
export class Channel {
  readonly #wire: ChannelWire;
  readonly #queue: { readonly item: Item; readonly price: number }[] = [];
  readonly #senders: Waiter[] = [];
  #receiver: Waiter | null = null;
  #credit = channelWindow;
  /** Bytes received and not yet given back as credit. */
  #received = 0;
  #consumed = 0;
  #ended = false;
  #peerEnded = false;
  #failure: Error | null = null;
  readonly #onFailure: ((error: Error) => void)[] = [];

  constructor(wire: ChannelWire) {
    this.#wire = wire;
  }

  get failure(): Error | null {
    return this.#failure;
  }

  /** Calls back when the channel breaks (reset by the other side, connection lost); at once if it is broken already. */
  whenFailed(listener: (error: Error) => void): void {
    if (this.#failure) listener(this.#failure);
    else this.#onFailure.push(listener);
  }

  async send(value: unknown): Promise<void> {
    await this.#pay(Buffer.from(JSON.stringify(value)), frameType.message);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < buffer.length; at += dataPiece) {
      await this.#pay(buffer.subarray(at, at + dataPiece), frameType.data);
    }
  }

  /** Nothing more will be sent from this side. */
  end(): void {
    if (this.#ended || this.#failure) return;
    this.#ended = true;
    this.#wire.send(frameType.end, empty);
    if (this.#peerEnded) this.#wire.done();
  }

  /** Breaks the channel off, with the reason for the other side. */
  reset(code: string, message: string): void {
    if (this.#failure || (this.#ended && this.#peerEnded)) return;
    this.#wire.send(frameType.reset, Buffer.from(JSON.stringify({ code, message: message.slice(0, 2000) })));
    this.fail(new Refusal(code, message));
    this.#wire.done();
  }

  /** The next item, null at the end. Throws Refusal when the other side broke off. */
  async next(): Promise<Item | null> {
    for (;;) {
      const head = this.#queue.shift();
      if (head) {
        this.#giveBack(head.price);
        return head.item;
      }
      if (this.#failure) throw this.#failure;
      if (this.#peerEnded) return null;
      await new Promise<void>((resolve, reject) => {
        this.#receiver = { resolve, reject };
      });
    }
  }

  async message(): Promise<unknown> {
    const item = await this.next();
    if (item?.kind !== 'message') throw new ProtocolError('A message was expected.');
    return item.value;
  }

  /** Exactly `size` bytes of data, as they come. */
  async *data(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      const item = await this.next();
      if (item?.kind !== 'data' || item.bytes.length > left) throw new ProtocolError('Data was expected.');
      left -= item.bytes.length;
      yield item.bytes;
    }
  }

  /** For the connection: a frame came in. */
  receive(item: Item, size: number): void {
    if (this.#failure) return;
    const price = size + frameOverhead;
    this.#received += price;
    // One frame may overdraw the window, as the sender's own check allows.
    if (this.#peerEnded || this.#received > channelWindow + maxPayload + frameOverhead) {
      throw new ProtocolError('More was sent than the window allows.');
    }
    this.#queue.push({ item, price });
    this.#wakeReceiver();
  }

  /** For the connection: the other side ended its direction. */
  receiveEnd(): void {
    if (this.#peerEnded || this.#failure) return;
    this.#peerEnded = true;
    this.#wakeReceiver();
    if (this.#ended) this.#wire.done();
  }

  /** For the connection: the other side consumed this much. */
  receiveCredit(bytes: number): void {
    this.#credit = Math.min(channelWindow, this.#credit + bytes);
    while (this.#credit > 0 && this.#senders.length > 0) this.#senders.shift()?.resolve();
  }

  /** For the connection: nothing will come any more. What has arrived can still be read. */
  fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    for (const sender of this.#senders.splice(0)) sender.reject(error);
    this.#wakeReceiver();
    for (const listener of this.#onFailure.splice(0)) listener(error);
  }

  async #pay(payload: Buffer, type: FrameType): Promise<void> {
    if (payload.length > maxPayload)
      throw new Refusal('too_large', `A message of ${payload.length} bytes is too large.`);
    while (this.#credit <= 0 && !this.#failure) {
      await new Promise<void>((resolve, reject) => this.#senders.push({ resolve, reject }));
    }
    if (this.#failure) throw this.#failure;
    if (this.#ended) throw new ProtocolError('This side of the channel has ended.');
    this.#credit -= payload.length + frameOverhead;
    this.#wire.send(type, payload);
  }

  #giveBack(price: number): void {
    this.#consumed += price;
    if (this.#consumed < channelWindow / 4 || this.#peerEnded || this.#failure) return;
    const credit = Buffer.allocUnsafe(4);
    credit.writeUInt32BE(this.#consumed, 0);
    this.#received -= this.#consumed;
    this.#consumed = 0;
    this.#wire.send(frameType.credit, credit);
  }

  #wakeReceiver(): void {
    const receiver = this.#receiver;
    this.#receiver = null;
    receiver?.resolve();
  }
}
