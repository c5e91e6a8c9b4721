import type { Model } from '../model/model.ts';

/** What a phrase stands for. `E.` is each thing that the text is about, `F` each field that it names. */
export interface PhraseRule {
  readonly pattern: RegExp;
  readonly keys: readonly string[];
  /** With fields named, these instead. */
  readonly fieldKeys?: readonly string[];
  /** Counts only right before a thing: 'get a book', not 'get a token'. */
  readonly ofThing?: true;
  /** Counts only in a text that refuses: 'without a token' alone may as well allow. */
  readonly refusing?: true;
}

/** A place of a text with what it asks for. */
export interface Mention {
  readonly at: number;
  readonly end: number;
  /** What the catalogue calls it; a key that it does not have makes the mention count for nothing. */
  readonly keys: readonly string[];
}

/** How wishes for one kind of project are worded. */
export interface Grammar {
  readonly phrases: readonly PhraseRule[];
  /** Last words of what the product is called, as the source of a pattern; those of an API where it is left out. */
  readonly product?: string;
  /** Words that ask for nothing where such a project is meant: 'terminal'. */
  readonly plain?: ReadonlySet<string>;
  /** Words that elsewhere ask for nothing, and ask for something that such a project is not: 'endpoint'. */
  readonly foreign?: ReadonlySet<string>;
  /** Places that are written rather than worded: routes, options of a command. */
  mentions(text: string, model: Model): readonly Mention[];
}
