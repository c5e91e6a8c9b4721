import { createRequire } from 'node:module';
import type { Node } from 'web-tree-sitter';
import { type Edit, type Grammar, type Parsed, reachFile } from '../grammar.ts';
import { pythonTests } from './python-tests.ts';

const require = createRequire(import.meta.url);
const functions = new Set(['function_definition']);

export const python: Grammar = {
  id: 'python',
  endings: ['.py'],
  wasm: () => require.resolve('tree-sitter-python/tree-sitter-python.wasm'),
  not: (condition) => `not (${condition})`,
  nothing: 'None',
  emptyStatement: 'pass',
  functions,
  probes,
  tests: pythonTests,
};

/** A statement before the first one of each body. Code on the same line as its header, or after a semicolon, stays there. */
function probes({ root, text }: Parsed, number: (place: Node) => number | null): readonly Edit[] {
  const edits: Edit[] = [];
  const note = (place: Node, body: Node | null): void => {
    const mark = number(place);
    const first = body?.namedChildren.find(
      (child) => child !== null && (place === root ? !isHead(child) : child.type !== 'comment'),
    );
    if (mark === null || !first) return;
    const { startIndex: start } = first;
    const before = text.slice(start - first.startPosition.column, start);
    const said = `open(${JSON.stringify(reachFile)}, "a").write("${mark}\\n")`;
    edits.push({ start, end: start, text: before.trim() === '' ? `${said}\n${before}` : `${said}; ` });
  };
  note(root, root);
  for (const place of root.descendantsOfType([...functions])) if (place) note(place, place.childForFieldName('body'));
  return edits;
}

/** What has to stay at the top of a file. */
function isHead({ type, namedChildren }: Node): boolean {
  return /import|comment/.test(type) || (type === 'expression_statement' && namedChildren[0]?.type === 'string');
}
