import type { Grammar } from './grammar.ts';
import { cpp } from './grammars/cpp.ts';
import { go } from './grammars/go.ts';
import { html } from './grammars/html.ts';
import { java } from './grammars/java.ts';
import { javascript, tsx, typescript } from './grammars/javascript.ts';
import { python } from './grammars/python.ts';
import { rust } from './grammars/rust.ts';

/** The languages whose code can be mutated. */
const grammars: readonly Grammar[] = [python, javascript, typescript, tsx, go, rust, java, cpp, html];

/** Null for a file that no grammar knows. */
export function grammarFor(path: string): Grammar | null {
  return grammars.find(({ endings }) => endings.some((ending) => path.endsWith(ending))) ?? null;
}
