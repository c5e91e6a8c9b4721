/** Writes protobuf: just enough for ONNX files of tests, good ones and hostile ones. */
export type Bytes = Uint8Array;

export function varint(value: bigint | number): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

export function join(parts: readonly Bytes[]): Bytes {
  return new Uint8Array(Buffer.concat(parts));
}

export function int(field: number, value: bigint | number): Bytes {
  return join([varint(field << 3), varint(value)]);
}

export function part(field: number, bytes: Bytes): Bytes {
  return join([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

export function text(field: number, value: string): Bytes {
  return part(field, new TextEncoder().encode(value));
}
