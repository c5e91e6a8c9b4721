import { createRequire } from 'node:module';
import type { Grammar } from '../grammar.ts';
import { goTests } from './go-tests.ts';

const require = createRequire(import.meta.url);

/** Typed: what a value could be replaced with is not known without its compiler, so conditions, operators, constants and statements change. */
export const go: Grammar = {
  id: 'go',
  endings: ['.go'],
  wasm: () => require.resolve('tree-sitter-go/tree-sitter-go.wasm'),
  not: (condition) => `!(${condition})`,
  nothing: null,
  emptyStatement: ';',
  functions: new Set(['function_declaration', 'method_declaration', 'func_literal']),
  probes: null,
  tests: goTests,
};
