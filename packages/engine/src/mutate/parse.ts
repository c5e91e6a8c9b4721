import { Language, Parser, type Tree } from 'web-tree-sitter';
import type { Grammar } from './grammar.ts';

/** The files are a stranger's: what takes longer than this to parse is left alone. */
const patienceMs = 2000;

const languages = new Map<string, Promise<Language>>();
let started: Promise<void> | undefined;

/**
 * A file's syntax tree, which the caller deletes. Grammars are loaded when first needed. Null when it takes too long; a text with
 * mistakes gives a tree with error nodes.
 */
export async function parse(text: string, grammar: Grammar): Promise<Tree | null> {
  await (started ??= Parser.init());
  const language = languages.get(grammar.id) ?? Language.load(grammar.wasm());
  languages.set(grammar.id, language);
  const parser = new Parser();
  try {
    parser.setLanguage(await language);
    const end = performance.now() + patienceMs;
    return parser.parse(text, null, { progressCallback: () => performance.now() > end });
  } finally {
    parser.delete();
  }
}
