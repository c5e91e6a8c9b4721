import type { Duplex } from 'node:stream';
import { Channel } from './channel.ts';
import { encodeFrame, frameType, FrameReader, maxPayload } from './frame.ts';
import type { Frame } from './frame.ts';
import { ProtocolError, Refusal } from './protocol-error.ts';

export interface ConnectionOptions {
  readonly side: 'host' | 'sandbox';
  /** The other side opened a channel with this request. May reset it. */
  readonly onOpen: (channel: Channel, request: unknown) => void;
  /** Called once, when the connection is over; null after an orderly end. */
  readonly onClose: (error: Error | null) => void;
  /** Channels that the other side may have open at a time. */
  readonly maxForeignChannels: number;
}

/** Many channels over one duplex stream. The host's channels have odd numbers, the sandbox's even ones; no number comes twice. */
export class Connection {
  readonly #stream: Duplex;
  readonly #options: ConnectionOptions;
  readonly #reader = new FrameReader();
  readonly #channels = new Map<number, Channel>();
  #foreign = 0;
  #nextOwn: number;
  #lastForeign = 0;
  #closed = false;
  #heard = 0;
  #corked = false;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#nextOwn = options.side === 'host' ? 1 : 2;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error: Error) => this.close(error));
    stream.on('end', () => this.close(null));
    stream.on('close', () => this.close(null));
  }

  /** Bytes that came from the other side. */
  get heard(): number {
    return this.#heard;
  }

  /** Opens a channel with a request. */
  open(request: unknown): Channel {
    if (this.#closed) throw new Refusal('workspace_gone', 'The sandbox has ended.');
    const id = this.#nextOwn;
    this.#nextOwn += 2;
    const payload = Buffer.from(JSON.stringify(request));
    if (payload.length > maxPayload)
      throw new Refusal('too_large', `A request of ${payload.length} bytes is too large.`);
    const channel = this.#makeChannel(id);
    this.#send({ type: frameType.open, channel: id, payload });
    return channel;
  }

  close(error: Error | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stream.destroy();
    const failure = new Refusal('workspace_gone', 'The sandbox has ended.');
    for (const channel of this.#channels.values()) channel.fail(failure);
    this.#channels.clear();
    this.#options.onClose(error);
  }

  #makeChannel(id: number): Channel {
    const channel = new Channel({
      send: (type, payload) => this.#send({ type, channel: id, payload }),
      done: () => {
        if (this.#channels.delete(id) && this.#isForeign(id)) this.#foreign--;
      },
    });
    this.#channels.set(id, channel);
    return channel;
  }

  #send(frame: Frame): void {
    const bytes = encodeFrame(frame);
    if (this.#closed) return;
    if (!this.#corked) {
      // Small frames of one turn leave in one system call.
      this.#corked = true;
      this.#stream.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    this.#stream.write(bytes);
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    this.#heard += chunk.length;
    try {
      for (const frame of this.#reader.push(chunk)) this.#take(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.close(error);
    }
  }

  #take(frame: Frame): void {
    if (frame.type === frameType.open) {
      this.#takeOpen(frame);
      return;
    }
    // A channel that this side has broken off or finished: frames on their way are of no interest.
    const channel = this.#channels.get(frame.channel);
    if (!channel) return;
    if (frame.type === frameType.message) {
      channel.receive({ kind: 'message', value: parseJson(frame.payload) }, frame.payload.length);
    } else if (frame.type === frameType.data) {
      channel.receive({ kind: 'data', bytes: frame.payload }, frame.payload.length);
    } else if (frame.type === frameType.end) channel.receiveEnd();
    else if (frame.type === frameType.credit) channel.receiveCredit(readCredit(frame.payload));
    else {
      this.#channels.delete(frame.channel);
      if (this.#isForeign(frame.channel)) this.#foreign--;
      channel.fail(readRefusal(frame.payload));
    }
  }

  #takeOpen(frame: Frame): void {
    if (!this.#isForeign(frame.channel) || frame.channel <= this.#lastForeign) {
      throw new ProtocolError(`Channel ${frame.channel} cannot be opened.`);
    }
    this.#lastForeign = frame.channel;
    const request = parseJson(frame.payload);
    this.#foreign++;
    const channel = this.#makeChannel(frame.channel);
    if (this.#foreign > this.#options.maxForeignChannels) channel.reset('too_many', 'Too many channels are open.');
    else this.#options.onOpen(channel, request);
  }

  #isForeign(id: number): boolean {
    return id % 2 === (this.#options.side === 'host' ? 0 : 1);
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new ProtocolError('A message is not JSON.');
  }
}

function readCredit(bytes: Buffer): number {
  if (bytes.length !== 4) throw new ProtocolError('A credit frame has another size.');
  return bytes.readUInt32BE(0);
}

function readRefusal(bytes: Buffer): Refusal {
  const value = parseJson(bytes);
  const record = typeof value === 'object' && value !== null ? value : {};
  const code = 'code' in record && typeof record.code === 'string' ? record.code.slice(0, 60) : 'refused';
  const message = 'message' in record && typeof record.message === 'string' ? record.message.slice(0, 2000) : '';
  return new Refusal(code, message);
}
