import { int, join, part, text, type Bytes } from './protobuf.ts';

export const kind = { float: 1, int64: 7 } as const;

/** A tensor with its values in the file. */
export function tensor(
  name: string,
  type: keyof typeof kind,
  { dims, data }: { dims: readonly number[]; data: readonly number[] },
): Bytes {
  const raw =
    type === 'float'
      ? new Uint8Array(Float32Array.from(data).buffer)
      : new Uint8Array(BigInt64Array.from(data.map(BigInt)).buffer);
  return join([...dims.map((dim) => int(1, dim)), int(2, kind[type]), text(8, name), part(9, raw)]);
}

/** A tensor whose values lie in a file beside. */
export function outsideTensor(name: string, dims: readonly number[], entries: Readonly<Record<string, string>>): Bytes {
  const data = Object.entries(entries).map(([key, value]) => part(13, join([text(1, key), text(2, value)])));
  return join([...dims.map((dim) => int(1, dim)), int(2, kind.float), text(8, name), ...data, int(14, 1)]);
}

export interface NodeSpec {
  readonly op: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
  readonly domain?: string;
}

export function node({ op, from, to, attributes = {}, domain }: NodeSpec): Bytes {
  const said = Object.entries(attributes).map(([name, value]) =>
    part(
      5,
      typeof value === 'number'
        ? join([text(1, name), int(3, value), int(20, 2)])
        : join([text(1, name), ...value.map((one) => int(8, one)), int(20, 7)]),
    ),
  );
  return join([
    ...from.map((name) => text(1, name)),
    text(2, to),
    text(3, `${op} ${to}`),
    text(4, op),
    ...said,
    ...(domain === undefined ? [] : [text(7, domain)]),
  ]);
}

/** An input or output; dimensions by number or by name. */
export function port(name: string, type: keyof typeof kind, dims: readonly (number | string)[]): Bytes {
  const shape = dims.map((dim) => part(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  return join([text(1, name), part(2, part(1, join([int(1, kind[type]), part(2, join(shape))])))]);
}

export interface GraphSpec {
  readonly nodes: readonly Bytes[];
  readonly tensors: readonly Bytes[];
  readonly inputs: readonly Bytes[];
  readonly outputs: readonly Bytes[];
}

export function onnxFile({ nodes, tensors, inputs, outputs }: GraphSpec): Bytes {
  const graph = join([
    ...nodes.map((one) => part(1, one)),
    text(2, 'graph'),
    ...tensors.map((one) => part(5, one)),
    ...inputs.map((one) => part(11, one)),
    ...outputs.map((one) => part(12, one)),
  ]);
  return join([int(1, 8), text(2, 'devfactory'), part(7, graph), part(8, join([text(1, ''), int(2, 13)]))]);
}
