/** The parts of a tokenizer.json that say which bytes a token stands for. */
export interface TokenizerFile {
  readonly model: { readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[] };
  readonly added_tokens?: readonly { readonly id: number; readonly content: string; readonly special?: boolean }[];
  readonly decoder?: unknown;
  readonly pre_tokenizer?: unknown;
}

const encoder = new TextEncoder();

/** Bytes of each token, by its id; null for ids that stand for nothing. */
export class TokenBytes {
  readonly #texts: (string | undefined)[] = [];
  readonly #added = new Map<number, string>();
  readonly #known = new Map<number, Uint8Array>();
  readonly #byteLevel: boolean;

  constructor(file: TokenizerFile) {
    const { vocab } = file.model;
    const texts: readonly (readonly [string, number])[] = Array.isArray(vocab)
      ? (vocab as readonly (readonly [string, number])[]).map(([text], id) => [text, id])
      : Object.entries(vocab as Readonly<Record<string, number>>);
    for (const [text, id] of texts) this.#texts[id] = text;
    for (const { id, content } of file.added_tokens ?? []) this.#added.set(id, content);
    this.#byteLevel = JSON.stringify([file.decoder, file.pre_tokenizer]).includes('"ByteLevel"');
  }

  of(id: number): Uint8Array | null {
    const known = this.#known.get(id);
    if (known) return known;
    const added = this.#added.get(id);
    const text = this.#texts[id];
    const bytes =
      added !== undefined
        ? encoder.encode(added)
        : text === undefined
          ? null
          : this.#byteLevel
            ? bytesOf(text)
            : spoken(text);
    if (bytes) this.#known.set(id, bytes);
    return bytes;
  }
}

/** SentencePiece: a lower block for a space, and bytes that are no characters as <0x0A>. */
function spoken(text: string): Uint8Array {
  const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(text)?.[1];
  return byte === undefined ? encoder.encode(text.replaceAll('▁', ' ')) : Uint8Array.of(Number.parseInt(byte, 16));
}

/** GPT-2's way: each byte is one printable character. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text, (character) => byteOf.get(character) ?? 0x3f));
}

/** Printable characters stand for themselves, all other bytes for those from 256 on. */
export const characterOf: readonly string[] = characters();
const byteOf = new Map(characterOf.map((character, byte) => [character, byte]));

function characters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
}
