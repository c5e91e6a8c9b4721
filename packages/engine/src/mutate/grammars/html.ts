import { createRequire } from 'node:module';
import type { Grammar } from '../grammar.ts';

const require = createRequire(import.meta.url);

/** A page's words are its constants: a check that reads a page notices when they change. */
export const html: Grammar = {
  id: 'html',
  endings: ['.html', '.htm'],
  wasm: () => require.resolve('tree-sitter-html/tree-sitter-html.wasm'),
  not: null,
  nothing: null,
  emptyStatement: '',
  functions: new Set(),
  constants: new Set(['text', 'attribute_value']),
  probes: null,
  tests: null,
};
