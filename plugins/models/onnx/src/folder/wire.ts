import type { FileHandle } from 'node:fs/promises';

const chunkBytes = 64 * 1024;

/** Bytes of a file by position, so that gigabytes of weights are passed over and not read. */
export class FileBytes {
  readonly size: number;
  readonly #file: FileHandle;
  #chunk: Buffer = Buffer.alloc(0);
  #from = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async byte(at: number): Promise<number> {
    if (at < this.#from || at >= this.#from + this.#chunk.length) await this.#load(at);
    const byte = this.#chunk[at - this.#from];
    if (byte === undefined) throw new WireFault('it ends in the middle');
    return byte;
  }

  async text({ from, to }: Range, most: number): Promise<string> {
    if (to - from > most) throw new WireFault(`a name of ${to - from} bytes`);
    const buffer = Buffer.alloc(to - from);
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, from);
    return buffer.toString('utf8', 0, bytesRead);
  }

  async #load(at: number): Promise<void> {
    const buffer = Buffer.alloc(chunkBytes);
    const { bytesRead } = await this.#file.read(buffer, 0, chunkBytes, at);
    this.#chunk = buffer.subarray(0, bytesRead);
    this.#from = at;
  }
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A field of a protobuf message. `value` is what a number says; `range` where a message, text or packed list lies. */
export interface Field {
  readonly number: number;
  readonly value: bigint;
  readonly range: Range | null;
}

/** The file is no protobuf. */
export class WireFault extends Error {}

/** Fields of the message in this range, in order. Throws WireFault. */
export async function* fieldsOf(bytes: FileBytes, { from, to }: Range): AsyncGenerator<Field> {
  let at = from;
  const varint = async (): Promise<bigint> => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = await bytes.byte(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return BigInt.asUintN(64, value);
    }
    throw new WireFault('a number without end');
  };
  while (at < to) {
    const tag = Number(await varint());
    const number = tag >>> 3;
    if (number === 0) throw new WireFault('a field without a number');
    switch (tag & 7) {
      case 0:
        yield { number, value: await varint(), range: null };
        break;
      case 1:
        at += 8;
        yield { number, value: 0n, range: { from: at - 8, to: at } };
        break;
      case 2: {
        const length = Number(await varint());
        if (length > to - at) throw new WireFault('a part that is longer than the whole');
        yield { number, value: 0n, range: { from: at, to: at + length } };
        at += length;
        break;
      }
      case 5:
        at += 4;
        yield { number, value: 0n, range: { from: at - 4, to: at } };
        break;
      default:
        throw new WireFault(`a field of kind ${tag & 7}`);
    }
  }
  if (at !== to) throw new WireFault('it ends in the middle');
}

/** Numbers of a packed list, or the one that a field holds. */
export async function numbersOf(bytes: FileBytes, field: Field, most: number): Promise<bigint[]> {
  if (!field.range) return [field.value];
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (let at = field.range.from; at < field.range.to; at += 1) {
    const byte = await bytes.byte(at);
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if ((byte & 0x80) !== 0) continue;
    values.push(BigInt.asUintN(64, value));
    if (values.length > most) throw new WireFault('more dimensions than a tensor has');
    value = 0n;
    shift = 0n;
  }
  return values;
}
