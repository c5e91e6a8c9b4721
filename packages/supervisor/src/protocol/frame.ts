import { ProtocolError } from './protocol-error.ts';

/** What a frame does to its channel. The numbers are on the wire. */
export const frameType = { open: 1, message: 2, data: 3, end: 4, reset: 5, credit: 6 } as const;
export type FrameType = (typeof frameType)[keyof typeof frameType];

/** One unit on the wire: u32 length of what follows, u8 type, u32 channel, payload. Big endian. */
export interface Frame {
  readonly type: FrameType;
  readonly channel: number;
  readonly payload: Buffer;
}

/** Largest payload of any frame: a request with a long command line fits. */
export const maxPayload = 1024 * 1024;
/** Data is sent in pieces of at most this size, so that channels take turns. */
export const dataPiece = 64 * 1024;
/** Part of every frame's price, so that empty frames are not free. */
export const frameOverhead = 16;
const headerBytes = 9;
const knownTypes: ReadonlySet<number> = new Set(Object.values(frameType));

function isFrameType(value: number): value is FrameType {
  return knownTypes.has(value);
}

export function encodeFrame(frame: Frame): Buffer {
  if (frame.payload.length > maxPayload)
    throw new ProtocolError(`A frame of ${frame.payload.length} bytes is too large.`);
  const bytes = Buffer.allocUnsafe(headerBytes + frame.payload.length);
  bytes.writeUInt32BE(headerBytes - 4 + frame.payload.length, 0);
  bytes.writeUInt8(frame.type, 4);
  bytes.writeUInt32BE(frame.channel, 5);
  frame.payload.copy(bytes, headerBytes);
  return bytes;
}

/** Cuts a byte stream into frames. Never holds more than one frame and one chunk; throws ProtocolError on what is no frame. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #held = 0;

  /** Frames that are complete with this chunk. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const needed = this.#needed();
    if (this.#held < needed) return [];
    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#held);
    const frames: Frame[] = [];
    for (;;) {
      if (bytes.length < headerBytes) break;
      const size = checkedSize(bytes);
      if (bytes.length < size) break;
      frames.push(decode(bytes.subarray(0, size)));
      bytes = bytes.subarray(size);
    }
    this.#chunks = bytes.length > 0 ? [bytes] : [];
    this.#held = bytes.length;
    return frames;
  }

  /** Bytes that the next frame takes, as far as known: saves joining chunks again and again. */
  #needed(): number {
    const first = this.#chunks[0];
    return first !== undefined && first.length >= headerBytes ? checkedSize(first) : headerBytes;
  }
}

function checkedSize(bytes: Buffer): number {
  const size = bytes.readUInt32BE(0) + 4;
  if (size < headerBytes || size > headerBytes + maxPayload)
    throw new ProtocolError(`A frame of ${size} bytes is not allowed.`);
  return size;
}

function decode(bytes: Buffer): Frame {
  const type = bytes.readUInt8(4);
  if (!isFrameType(type)) throw new ProtocolError(`Unknown frame type ${type}.`);
  return { type, channel: bytes.readUInt32BE(5), payload: bytes.subarray(headerBytes) };
}
