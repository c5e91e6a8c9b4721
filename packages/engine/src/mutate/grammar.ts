import type { Node } from 'web-tree-sitter';

/** A change of text: [start, end) in UTF-16 units becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How a language's tests are read, to make a null check of them and to turn their expectations round. */
export interface TestWords {
  /**
   * Edits that leave a test without assertions: 'evaluating' still computes what was asserted about, 'importing' drops it. A test
   * without assertions that still passes shows that a mutant can be loaded and run.
   */
  stripped(root: Node, how: 'evaluating' | 'importing'): readonly Edit[];
  /** Edits that make tests expect something else, and the names of the tests that no honest code can pass any more. */
  twisted(root: Node): { readonly edits: readonly Edit[]; readonly tests: ReadonlySet<string> };
  /**
   * For languages whose tests share names: where a variant's file lies, the edits that keep its names apart, and what a test is called
   * there. `name` is a word. Left out: beside the locked file, with the same names.
   */
  apart?(
    file: { readonly path: string; readonly root: Node },
    name: string,
  ): { readonly path: string; readonly edits: readonly Edit[]; readonly rename: (test: string) => string };
}

/** A file and its syntax tree, whose indices count from the text's beginning; the root itself may begin later. */
export interface Parsed {
  readonly root: Node;
  readonly text: string;
}

/** What the mutator has to know of a language beyond its syntax tree. Adding one is one folder and one line in `grammars.ts`. */
export interface Grammar {
  readonly id: string;
  /** File name endings, with the dot. */
  readonly endings: readonly string[];
  /** Path of the grammar's wasm; looked up when a file of this language is first seen. */
  readonly wasm: () => string;
  /** The opposite of a condition; null where the language has none. */
  readonly not: ((condition: string) => string) | null;
  /** What can stand for any value that is returned or called for; null where types would refuse it. */
  readonly nothing: string | null;
  readonly emptyStatement: string;
  /** Node types with a field 'body' that runs when they are called. */
  readonly functions: ReadonlySet<string>;
  /** Node types that are constants by themselves, beside the usual numbers, strings and truth values. */
  readonly constants?: ReadonlySet<string>;
  /**
   * Edits that make the file note, when it runs, which of its functions are entered and that its top level is. Null where that
   * cannot be observed. `number` gives each place its mark; a place without one is left alone.
   */
  readonly probes: ((file: Parsed, number: (place: Node) => number | null) => readonly Edit[]) | null;
  readonly tests: TestWords | null;
}

/** Where probes leave their marks, one number a line, and the text form for languages that can only print. */
export const reachFile = '/workspace/.devfactory-reach';

/** The text with the edits made. Of edits that overlap the outermost counts; of two at one place both, in order. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Every named node below, outermost first. */
export function* descendants(node: Node): Generator<Node, void, void> {
  const stack: Node[] = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    yield next;
    stack.push(...next.namedChildren.filter((child) => child !== null).toReversed());
  }
}
