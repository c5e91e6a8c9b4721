import type { Node } from 'web-tree-sitter';
import type { Edit, TestWords } from '../grammar.ts';

/** A file's own macros come before those of the language: these compute what was asserted about and think nothing of it. */
const quiet = `
#[allow(unused_macros)] macro_rules! assert { ($a:expr $(, $($rest:tt)*)?) => {{ let _ = $a; }}; }
#[allow(unused_macros)] macro_rules! assert_eq { ($a:expr, $b:expr $(, $($rest:tt)*)?) => { match (&$a, &$b) { (a, b) => { let _ = *a == *b; } } }; }
#[allow(unused_macros)] macro_rules! assert_ne { ($a:expr, $b:expr $(, $($rest:tt)*)?) => { match (&$a, &$b) { (a, b) => { let _ = *a == *b; } } }; }
#[allow(unused_macros)] macro_rules! panic { ($($rest:tt)*) => { return Default::default() }; }
`;

/** Each file below tests/ is a crate of its own, so its variants can have the same names. */
export const rustTests: TestWords = {
  stripped: (root, how) => (how === 'importing' ? nothingRun(root) : nothingAsserted(root)),
  twisted: () => ({ edits: [], tests: new Set() }),
};

/** After what has to be first in a file. A test that should panic cannot do so any more. */
function nothingAsserted(root: Node): Edit[] {
  const first = root.namedChildren.find(
    (child) => child && !/^(inner_attribute_item|line_comment|block_comment)$/.test(child.type),
  );
  const start = first?.startIndex ?? 0;
  return [{ start, end: start, text: quiet }, ...withoutPanics(root)];
}

/** Compiled with all that it names, and over before it begins. */
function nothingRun(root: Node): Edit[] {
  const bodies = root.descendantsOfType('function_item').flatMap((item) => {
    const isTest =
      item?.previousNamedSibling?.type === 'attribute_item' && attributesOf(item).some((text) => /\btest\b/.test(text));
    const body = isTest ? item.childForFieldName('body') : null;
    return body && !item.childForFieldName('return_type') ? [body] : [];
  });
  return [
    ...bodies.map(({ startIndex }) => ({ start: startIndex + 1, end: startIndex + 1, text: ' if true { return; }' })),
    ...withoutPanics(root),
  ];
}

function withoutPanics(root: Node): Edit[] {
  return root
    .descendantsOfType('attribute_item')
    .flatMap((item) =>
      item && /should_panic/.test(item.text) ? [{ start: item.startIndex, end: item.endIndex, text: '' }] : [],
    );
}

function attributesOf(item: Node): string[] {
  const texts: string[] = [];
  for (let at = item.previousNamedSibling; at?.type === 'attribute_item'; at = at.previousNamedSibling)
    texts.push(at.text);
  return texts;
}
