import { createRequire } from 'node:module';
import type { Grammar } from '../grammar.ts';

const require = createRequire(import.meta.url);

/** C as well: to this grammar it is C++. Typed, so conditions, operators, constants and statements change. */
export const cpp: Grammar = {
  id: 'cpp',
  endings: ['.c', '.h', '.cc', '.cpp', '.cxx', '.hpp', '.hh'],
  wasm: () => require.resolve('tree-sitter-cpp/tree-sitter-cpp.wasm'),
  not: (condition) => `!(${condition})`,
  nothing: null,
  emptyStatement: ';',
  functions: new Set(['function_definition', 'lambda_expression']),
  probes: null,
  tests: null,
};
