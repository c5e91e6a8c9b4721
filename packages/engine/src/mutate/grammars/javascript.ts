import { createRequire } from 'node:module';
import type { Node } from 'web-tree-sitter';
import { type Edit, type Grammar, type Parsed, reachFile } from '../grammar.ts';
import { javascriptTests } from './javascript-tests.ts';

const require = createRequire(import.meta.url);
const functions = new Set([
  'function_declaration',
  'function_expression',
  'generator_function_declaration',
  'generator_function',
  'arrow_function',
  'method_definition',
]);

export const javascript: Grammar = {
  id: 'javascript',
  endings: ['.js', '.mjs', '.cjs', '.jsx'],
  wasm: () => require.resolve('tree-sitter-javascript/tree-sitter-javascript.wasm'),
  not: (condition) => `!(${condition})`,
  nothing: 'undefined',
  emptyStatement: ';',
  functions,
  probes,
  tests: javascriptTests,
};

export const typescript: Grammar = {
  ...javascript,
  id: 'typescript',
  endings: ['.ts', '.mts', '.cts'],
  wasm: () => require.resolve('tree-sitter-typescript/tree-sitter-typescript.wasm'),
};

export const tsx: Grammar = {
  ...javascript,
  id: 'tsx',
  endings: ['.tsx'],
  wasm: () => require.resolve('tree-sitter-typescript/tree-sitter-tsx.wasm'),
};

/** Harmless where there is no Node, as in a browser's bundle. */
function said(mark: number): string {
  return `globalThis.process?.getBuiltinModule?.("node:fs").appendFileSync(${JSON.stringify(reachFile)}, "${mark}\\n")`;
}

function probes({ root }: Parsed, number: (place: Node) => number | null): readonly Edit[] {
  const edits: Edit[] = [];
  const insert = (at: number, text: string): void => void edits.push({ start: at, end: at, text });
  const top = number(root);
  const first = root.namedChildren.find((child) => child !== null && !isHead(child));
  if (top !== null && first) insert(first.startIndex, `${said(top)};`);
  for (const place of root.descendantsOfType([...functions])) {
    const body = place?.childForFieldName('body');
    const mark = place ? number(place) : null;
    if (!body || mark === null) continue;
    if (body.type === 'statement_block') {
      insert(afterDirectives(body), ` ${said(mark)};`);
    } else {
      insert(body.startIndex, `(${said(mark)}, `);
      insert(body.endIndex, ')');
    }
  }
  return edits;
}

/** Imports are hoisted and directives have to stay first. */
function isHead(node: Node): boolean {
  return /^(import_statement|comment|hash_bang_line)$/.test(node.type) || isDirective(node);
}

function isDirective({ type, namedChildren }: Node): boolean {
  return type === 'expression_statement' && namedChildren[0]?.type === 'string';
}

function afterDirectives(body: Node): number {
  const last = body.namedChildren.filter((child) => child !== null).findLast(isDirective);
  return last ? last.endIndex : body.startIndex + 1;
}
