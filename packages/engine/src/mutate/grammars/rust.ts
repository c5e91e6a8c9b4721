import { createRequire } from 'node:module';
import type { Grammar } from '../grammar.ts';
import { rustTests } from './rust-tests.ts';

const require = createRequire(import.meta.url);

/** Typed: what a value could be replaced with is not known without its compiler, so conditions, operators, constants and statements change. */
export const rust: Grammar = {
  id: 'rust',
  endings: ['.rs'],
  wasm: () => require.resolve('tree-sitter-rust/tree-sitter-rust.wasm'),
  not: (condition) => `!(${condition})`,
  nothing: null,
  emptyStatement: ';',
  functions: new Set(['function_item', 'closure_expression']),
  probes: null,
  tests: rustTests,
};
