/**
 * What may come next, byte by byte: places in a grammar, kept as stacks that are never changed. A token is allowed when all of its bytes
 * lead somewhere. Bytes and not characters, because tokens end within characters.
 */
export interface Rule {
  /** True when it may be left without another byte. */
  readonly empty: boolean;
  /** Gives `to` each stack that one byte leads to; `below` is what comes behind this rule. */
  step(byte: number, below: Stack, to: (stack: Stack) => void): void;
}

/** Null: all is said. */
export type Stack = { readonly rule: Rule; readonly below: Stack } | null;

export function push(rule: Rule, below: Stack): Stack {
  return { rule, below };
}

/** One byte from here, through what may be left, down to `floor`, which is the caller's to go on with. */
function advance([stack, floor]: readonly [Stack, Stack], byte: number, to: (stack: Stack) => void): void {
  for (let at = stack; at !== null && at !== floor; at = at.below) {
    at.rule.step(byte, at.below, to);
    if (!at.rule.empty) return;
  }
}

/** More ways to go on than any schema needs; the rest is let go. */
const mostWays = 64;

export function stepAll(stacks: readonly Stack[], byte: number): readonly Stack[] {
  const next: Stack[] = [];
  for (const stack of stacks) {
    advance([stack, null], byte, (way) => {
      if (next.length < mostWays) next.push(way);
    });
  }
  return next;
}

/** Whether all that has to be said is said. */
export function mayEnd(stacks: readonly Stack[]): boolean {
  return stacks.some((stack) => {
    for (let at = stack; at !== null; at = at.below) if (!at.rule.empty) return false;
    return true;
  });
}

class Literal implements Rule {
  readonly empty = false;
  readonly #bytes: Uint8Array;
  readonly #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  step(byte: number, below: Stack, to: (stack: Stack) => void): void {
    if (this.#bytes[this.#at] !== byte) return;
    to(this.#at + 1 === this.#bytes.length ? below : push(new Literal(this.#bytes, this.#at + 1), below));
  }
}

const encoder = new TextEncoder();

/** Exactly this text; not the empty one. */
export function literal(text: string): Rule {
  return new Literal(encoder.encode(text), 0);
}

export function sequence(...rules: readonly Rule[]): Rule {
  return {
    empty: rules.every((rule) => rule.empty),
    step: (byte, below, to) => {
      const first = rules.reduceRight((stack: Stack, rule) => push(rule, stack), below);
      advance([first, below], byte, to);
    },
  };
}

export function choice(...rules: readonly Rule[]): Rule {
  return {
    empty: rules.some((rule) => rule.empty),
    step: (byte, below, to) => {
      for (const rule of rules) rule.step(byte, below, to);
    },
  };
}

/** Looked up when it is needed, for grammars that hold themselves. One that begins with itself says nothing there. */
export function lazy(find: () => Rule): Rule {
  let rule: Rule | null = null;
  let busy = false;
  return {
    empty: false,
    step: (byte, below, to) => {
      if (busy) return;
      busy = true;
      try {
        rule ??= find();
        rule.step(byte, below, to);
      } finally {
        busy = false;
      }
    },
  };
}
