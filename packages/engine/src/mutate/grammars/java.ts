import { createRequire } from 'node:module';
import type { Grammar } from '../grammar.ts';
import { javaTests } from './java-tests.ts';

const require = createRequire(import.meta.url);

/** Typed: what a value could be replaced with is not known without its compiler, so conditions, operators, constants and statements change. */
export const java: Grammar = {
  id: 'java',
  endings: ['.java'],
  wasm: () => require.resolve('tree-sitter-java/tree-sitter-java.wasm'),
  not: (condition) => `!(${condition})`,
  nothing: null,
  emptyStatement: ';',
  functions: new Set(['method_declaration', 'constructor_declaration', 'lambda_expression']),
  probes: null,
  tests: javaTests,
};
