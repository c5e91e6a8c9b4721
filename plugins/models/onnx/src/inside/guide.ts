import { literal, mayEnd, push, sequence, stepAll, type Rule, type Stack } from './grammar.ts';
import type { OfferedTool, ToolFormat } from './tool-format.ts';

/** Where an answer stands: in free words, in what a grammar says, or at its end. Never changed. */
export interface GuideState {
  readonly in: 'words' | 'grammar' | 'end';
  /** Within words: the last of them, as far as they could be the beginning of an opening. */
  readonly tail: string;
  /** True until something other than space was said. */
  readonly fresh: boolean;
  readonly ways: readonly Stack[];
}

export interface GuideOrder {
  readonly format: ToolFormat;
  readonly tools: readonly OfferedTool[];
  /** The answer has to be a call. */
  readonly mustCall: boolean;
  /** The answer has to be such a value; no tools then. */
  readonly answer: Rule | null;
}

const words: GuideState = { in: 'words', tail: '', fresh: true, ways: [] };
const end: GuideState = { in: 'end', tail: '', fresh: false, ways: [] };

/** Says which bytes an answer may go on with: words are free, a call of a tool is what the tool's schema takes and nothing else. */
export class Guide {
  readonly start: GuideState;
  readonly #format: ToolFormat;
  readonly #calls: Rule | null;
  readonly #openings: readonly string[];

  /** Throws for a schema that is none. */
  constructor({ format, tools, mustCall, answer }: GuideOrder) {
    this.#format = format;
    this.#calls = tools.length > 0 ? format.rule(tools) : null;
    this.#openings = this.#calls ? [format.opens, ...format.alsoOpens].filter((text) => text !== '') : [];
    if (answer) this.start = inGrammar(answer);
    else if (mustCall && this.#calls) {
      const opened = format.opens === '' ? this.#calls : sequence(literal(format.opens), this.#calls);
      this.start = inGrammar(opened);
    } else this.start = words;
  }

  /** Null: these bytes may not come now. */
  after(state: GuideState, bytes: Uint8Array): GuideState | null {
    let at: GuideState | null = state;
    for (const byte of bytes) {
      if (at === null) return null;
      at = this.#step(at, byte);
    }
    return at;
  }

  mayEnd(state: GuideState): boolean {
    return state.in !== 'grammar' || mayEnd(state.ways);
  }

  #step(state: GuideState, byte: number): GuideState | null {
    if (state.in === 'end') return byte <= 0x20 ? state : null;
    if (state.in === 'words') return this.#inWords(state, byte);
    const ways = stepAll(state.ways, byte);
    if (ways.length === 0) return null;
    if (!ways.includes(null)) return { ...state, ways };
    return this.#calls && !this.#format.ends ? { ...words, fresh: false } : end;
  }

  #inWords(state: GuideState, byte: number): GuideState {
    const calls = this.#calls;
    if (!calls) return state;
    if (state.fresh && this.#format.opens === '' && byte === 0x7b) return inGrammar(calls, byte);
    const tail = (state.tail + String.fromCodePoint(byte)).slice(-32);
    if (this.#openings.some((opening) => tail.endsWith(opening))) return inGrammar(calls);
    return { in: 'words', tail, fresh: state.fresh && byte <= 0x20, ways: [] };
  }
}

function inGrammar(rule: Rule, first?: number): GuideState {
  const ways: readonly Stack[] = [push(rule, null)];
  return { in: 'grammar', tail: '', fresh: false, ways: first === undefined ? ways : stepAll(ways, first) };
}
