import type { Node } from 'web-tree-sitter';
import { descendants, type Edit, type TestWords } from '../grammar.ts';

/** node:assert, vitest's and jest's expect, and a test context's own assertions. */
const assertion = /^(assert|expect|should|t\.assert)\b/;
const equality =
  /^assert(\.strict)?\.(equal|strictEqual|deepEqual|deepStrictEqual)$|^expect\b[\s\S]*\.(toBe|toEqual|toStrictEqual)$/;

export const javascriptTests: TestWords = {
  stripped: (root, how) => [...descendants(root)].flatMap((node) => strip(node, how)),
  twisted(root) {
    const edits: Edit[] = [];
    const tests = new Set<string>();
    for (const node of descendants(root)) {
      const edit = twist(node);
      const name = edit && testNameOf(node);
      if (!edit || name === null) continue;
      edits.push(edit);
      tests.add(name);
    }
    return { edits, tests };
  },
};

/** The outermost call of a chain goes; what was asserted about is still computed, and its refusals are swallowed. */
function strip(node: Node, how: 'evaluating' | 'importing'): Edit[] {
  if (node.type !== 'call_expression' || !assertion.test(node.text) || isInner(node)) return [];
  const values =
    how === 'importing'
      ? ''
      : (argumentsOf(innermost(node))?.namedChildren ?? []).map((child) => child?.text ?? '').join(', ');
  return [{ start: node.startIndex, end: node.endIndex, text: `Promise.allSettled([${values}])` }];
}

function isInner({ parent }: Node): boolean {
  return parent?.type === 'member_expression' || (parent?.type === 'call_expression' && assertion.test(parent.text));
}

/** `expect(x)` of `expect(x).not.toBe(y)`; the call itself where there is no chain. */
function innermost(call: Node): Node {
  let found = call;
  for (let at: Node | null = call; at; at = at.childForFieldName('function') ?? at.childForFieldName('object')) {
    if (at.type === 'call_expression') found = at;
  }
  return found;
}

function twist(node: Node): Edit | null {
  if (node.type !== 'call_expression') return null;
  const called = node.childForFieldName('function')?.text ?? '';
  if (!equality.test(called) || /\.(not|rejects|resolves)\./.test(called)) return null;
  const given = argumentsOf(node)?.namedChildren ?? [];
  const expected = called.startsWith('expect') ? given[0] : given[1];
  return expected ? another(expected) : null;
}

function another({ startIndex: start, endIndex: end, text, type }: Node): Edit {
  if (/^\d+$/.test(text)) return { start, end, text: `${Number(text) + 1_000_003}` };
  if (type === 'string' || type === 'template_string') return { start, end, text: `(${text} + " and something else")` };
  if (type === 'array') return { start, end, text: `[...${text}, "something else"]` };
  return { start, end, text: 'Symbol("something else")' };
}

function argumentsOf(call: Node): Node | null {
  return call.childForFieldName('arguments');
}

/** The first word of the innermost test() or it() around it; null where honest code may not come by. */
function testNameOf(node: Node): string | null {
  for (let at = node.parent; at; at = at.parent) {
    if (/^(if|for|while|catch|switch|ternary)/.test(at.type)) return null;
    if (at.type !== 'call_expression' || !/^(test|it)\b/.test(at.childForFieldName('function')?.text ?? '')) continue;
    const name = argumentsOf(at)?.namedChildren[0];
    return name?.type === 'string' ? (name.namedChildren[0]?.text ?? '') : null;
  }
  return null;
}
