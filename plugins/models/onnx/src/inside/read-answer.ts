import type { ToolFormat } from './tool-format.ts';

/** A piece of an answer, as soon as it is known what it is. */
export type AnswerPart =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'thought'; readonly text: string }
  | { readonly is: 'call'; readonly name: string }
  | { readonly is: 'arguments'; readonly text: string };

type Place = 'words' | 'thought' | 'head' | 'arguments' | 'behind' | 'over';

const jsonHead = /^\s*[[,]?\s*\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"(?:arguments|parameters)"\s*:\s*/;
const argsHead = /^\s*([^[\s]{1,200})\[ARGS\]\s*/;

/** Tells words, thoughts and calls of tools apart while they come. What only looks like a call is given as words. */
export class AnswerReader {
  readonly #format: ToolFormat;
  readonly #hasTools: boolean;
  #place: Place = 'words';
  #text = '';
  #fresh = true;
  #json: JsonEnd = new JsonEnd();
  /** What began the call that is read now, to be given back when it is none. */
  #opening = '';

  constructor(format: ToolFormat, { hasTools }: { readonly hasTools: boolean }) {
    this.#format = format;
    this.#hasTools = hasTools;
  }

  feed(text: string): AnswerPart[] {
    this.#text += text;
    const parts: AnswerPart[] = [];
    for (let before = -1; before !== this.#text.length && this.#text !== '';) {
      before = this.#text.length;
      parts.push(...this.#next());
    }
    return parts;
  }

  /** What was held back in case it would become something. */
  end(): AnswerPart[] {
    const rest = this.#text;
    this.#text = '';
    if (this.#place === 'words') return said('text', rest);
    if (this.#place === 'thought') return said('thought', rest);
    return this.#place === 'head' ? said('text', this.#opening + rest) : [];
  }

  #next(): AnswerPart[] {
    switch (this.#place) {
      case 'words':
        return this.#words();
      case 'thought':
        return this.#upTo('</think>', 'thought');
      case 'head':
        return this.#head();
      case 'arguments':
        return this.#arguments();
      case 'behind':
        this.#behind();
        return [];
      default:
        this.#text = '';
        return [];
    }
  }

  #words(): AnswerPart[] {
    const { opens, alsoOpens } = this.#format;
    if (this.#fresh) {
      this.#text = this.#text.trimStart();
      if (this.#text === '') return [];
      if (this.#hasTools && opens === '' && this.#text.startsWith('{')) {
        this.#opening = '';
        this.#place = 'head';
        return [];
      }
    }
    const openings = this.#hasTools ? [opens, ...alsoOpens].filter((opening) => opening !== '') : [];
    const marks = [...openings, '<think>'];
    const [mark, at] = firstOf(this.#text, marks);
    if (mark === null) {
      const words = this.#take(marks);
      if (words.trim() !== '') this.#fresh = false;
      return said('text', words);
    }
    const words = this.#text.slice(0, at);
    this.#text = this.#text.slice(at + mark.length);
    this.#fresh = false;
    this.#opening = mark;
    this.#place = mark === '<think>' ? 'thought' : 'head';
    return said('text', words);
  }

  /** Takes what cannot be the beginning of a mark any more. */
  #take(marks: readonly string[]): string {
    const held = Math.max(0, ...marks.map((mark) => overlap(this.#text, mark)));
    const words = this.#text.slice(0, this.#text.length - held);
    this.#text = this.#text.slice(words.length);
    return words;
  }

  #upTo(mark: string, is: 'thought'): AnswerPart[] {
    const at = this.#text.indexOf(mark);
    if (at === -1) return said(is, this.#take([mark]));
    const words = this.#text.slice(0, at);
    this.#text = this.#text.slice(at + mark.length);
    this.#place = 'words';
    this.#fresh = true;
    return said(is, words);
  }

  #head(): AnswerPart[] {
    const isArgs = this.#format.id === 'mistral-args';
    const match = (isArgs ? argsHead : jsonHead).exec(this.#text);
    if (!match?.[1]) return [];
    this.#text = this.#text.slice(match[0].length);
    this.#place = 'arguments';
    this.#json = new JsonEnd();
    return [{ is: 'call', name: isArgs ? match[1] : (JSON.parse(match[1]) as string) }];
  }

  #arguments(): AnswerPart[] {
    if (!this.#json.begun) this.#text = this.#text.trimStart();
    const length = this.#json.feed(this.#text);
    const text = this.#text.slice(0, length ?? this.#text.length);
    this.#text = this.#text.slice(text.length);
    if (length !== null) {
      this.#place = this.#format.id === 'mistral-args' ? 'words' : 'behind';
      this.#fresh = true;
    }
    return text === '' ? [] : [{ is: 'arguments', text }];
  }

  #behind(): void {
    const ending = { hermes: '</tool_call>', llama: '}', mistral: null, 'mistral-args': '' }[this.#format.id];
    if (ending === null) {
      const match = /^\s*\}\s*([,\]])/.exec(this.#text);
      if (!match) return;
      this.#text = this.#text.slice(match[0].length - 1);
      this.#place = match[1] === ',' ? 'head' : 'over';
      return;
    }
    const at = this.#text.indexOf(ending);
    if (at === -1) return;
    this.#text = this.#text.slice(at + ending.length);
    this.#place = this.#format.ends ? 'over' : 'words';
    this.#fresh = true;
  }
}

function said(is: 'text' | 'thought', text: string): AnswerPart[] {
  return text === '' ? [] : [{ is, text }];
}

function firstOf(text: string, marks: readonly string[]): readonly [string | null, number] {
  let found: readonly [string | null, number] = [null, -1];
  for (const mark of marks) {
    const at = text.indexOf(mark);
    if (at !== -1 && (found[0] === null || at < found[1])) found = [mark, at];
  }
  return found;
}

/** How many of the last characters could be the beginning of a mark. */
function overlap(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length -= 1)
    if (text.endsWith(mark.slice(0, length))) return length;
  return 0;
}

/** Finds where an object that is read in pieces ends. */
class JsonEnd {
  #depth = 0;
  #inText = false;
  #escaped = false;

  get begun(): boolean {
    return this.#depth > 0;
  }

  /** How much of this piece belongs to it when it ends here; null when it goes on. */
  feed(text: string): number | null {
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at];
      if (this.#escaped) this.#escaped = false;
      else if (this.#inText) {
        if (character === '\\') this.#escaped = true;
        else if (character === '"') this.#inText = false;
      } else if (character === '"') this.#inText = true;
      else if (character === '{' || character === '[') this.#depth += 1;
      else if (character === '}' || character === ']') {
        this.#depth -= 1;
        if (this.#depth === 0) return at + 1;
      }
    }
    return null;
  }
}
