import { open } from 'node:fs/promises';
import { FileBytes, fieldsOf, numbersOf, WireFault, type Range } from './wire.ts';

/** Weights that lie in a file beside the graph. */
export interface OutsideData {
  readonly location: string;
  readonly offset: number;
  /** Bytes that the tensor's own size asks for. */
  readonly bytes: number;
}

/** What a graph asks for, without having run any of it. */
export interface GraphFacts {
  readonly outside: readonly OutsideData[];
  /** Operators of other people's domains, for which code would have to be loaded. */
  readonly strangers: readonly string[];
}

const ownDomains = new Set(['', 'ai.onnx', 'com.microsoft']);
/** Bits of one element, by ONNX's number of the type. Texts count as bytes. */
const bits: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  8: 8,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
  24: 8,
  25: 2,
  26: 2,
};
const mostDimensions = 32;
const mostNodes = 2_000_000;
const mostDepth = 24;
const mostName = 4096;
/** A tensor larger than this belongs to no model that one machine runs. */
const mostTensorBytes = 64 * 2 ** 30;

/**
 * Reads what an ONNX file consists of: the messages around weights, never the weights. Throws WireFault with a sentence's end for a file
 * that is none, and for tensors that say they are larger than what is there.
 */
export async function readGraph(path: string): Promise<GraphFacts> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await new GraphReader(new FileBytes(file, size)).read();
  } finally {
    await file.close();
  }
}

class GraphReader {
  readonly #bytes: FileBytes;
  readonly #outside: OutsideData[] = [];
  readonly #used = new Set<string>();
  readonly #defined = new Set<string>();
  #nodes = 0;

  constructor(bytes: FileBytes) {
    this.#bytes = bytes;
  }

  async read(): Promise<GraphFacts> {
    let graphs = 0;
    for await (const { number, range } of fieldsOf(this.#bytes, { from: 0, to: this.#bytes.size })) {
      if (number === 7 && range) {
        graphs += 1;
        await this.#graph(range, 0);
      }
      if (number === 25 && range) await this.#function(range);
    }
    if (graphs !== 1) throw new WireFault(`it holds ${graphs} graphs instead of one`);
    return { outside: this.#outside, strangers: [...this.#used].filter((domain) => !this.#defined.has(domain)) };
  }

  async #graph(range: Range, depth: number): Promise<void> {
    if (depth > mostDepth) throw new WireFault('graphs within graphs without end');
    for await (const { number, range: part } of fieldsOf(this.#bytes, range)) {
      if (!part) continue;
      if (number === 1) await this.#node(part, depth);
      if (number === 5) await this.#tensor(part);
      if (number === 15) await this.#sparse(part);
    }
  }

  /** A function of the model's own is made of operators that are looked at like all others. */
  async #function(range: Range): Promise<void> {
    for await (const { number, range: part } of fieldsOf(this.#bytes, range)) {
      if (!part) continue;
      if (number === 7) await this.#node(part, 1);
      if (number === 10) this.#defined.add(await this.#bytes.text(part, mostName));
    }
  }

  async #node(range: Range, depth: number): Promise<void> {
    this.#nodes += 1;
    if (this.#nodes > mostNodes) throw new WireFault(`it has more than ${mostNodes} operators`);
    for await (const { number, range: part } of fieldsOf(this.#bytes, range)) {
      if (!part) continue;
      if (number === 7) {
        const domain = await this.#bytes.text(part, mostName);
        if (!ownDomains.has(domain)) this.#used.add(domain);
      }
      if (number === 5) await this.#attribute(part, depth);
    }
  }

  async #attribute(range: Range, depth: number): Promise<void> {
    for await (const { number, range: part } of fieldsOf(this.#bytes, range)) {
      if (!part) continue;
      if (number === 5 || number === 10) await this.#tensor(part);
      if (number === 6 || number === 11) await this.#graph(part, depth + 1);
      if (number === 22 || number === 23) await this.#sparse(part);
    }
  }

  async #sparse(range: Range): Promise<void> {
    for await (const { number, range: part } of fieldsOf(this.#bytes, range))
      if (part && (number === 1 || number === 2)) await this.#tensor(part);
  }

  async #tensor(range: Range): Promise<void> {
    const dims: bigint[] = [];
    const entries: Record<string, string> = {};
    let type = 0;
    let outside = false;
    for await (const field of fieldsOf(this.#bytes, range)) {
      if (field.number === 1) dims.push(...(await numbersOf(this.#bytes, field, mostDimensions)));
      if (field.number === 2) type = Number(field.value);
      if (field.number === 14) outside = field.value === 1n;
      if (field.number === 13 && field.range) Object.assign(entries, await this.#entry(field.range));
    }
    if (dims.length > mostDimensions) throw new WireFault('more dimensions than a tensor has');
    const elements = dims.reduce((product, dim) => product * BigInt.asIntN(64, dim), 1n);
    const size = (elements * BigInt(bits[type] ?? 8)) / 8n;
    if (dims.some((dim) => BigInt.asIntN(64, dim) < 0n) || size > BigInt(mostTensorBytes))
      throw new WireFault(`a tensor of ${dims.join(' x ')} elements`);
    if (outside || 'location' in entries) {
      this.#outside.push({
        location: entries['location'] ?? '',
        offset: Number(entries['offset'] ?? 0),
        bytes: Math.max(Number(size), Number(entries['length'] ?? 0)),
      });
      return;
    }
    // Written small, an element takes a quarter of a byte at the least.
    if (elements > BigInt(range.to - range.from) * 4n)
      throw new WireFault(`a tensor of ${dims.join(' x ')} elements in ${range.to - range.from} bytes`);
  }

  async #entry(range: Range): Promise<Record<string, string>> {
    let key = '';
    let value = '';
    for await (const { number, range: part } of fieldsOf(this.#bytes, range)) {
      if (part && number === 1) key = await this.#bytes.text(part, mostName);
      if (part && number === 2) value = await this.#bytes.text(part, mostName);
    }
    return { [key]: value };
  }
}
