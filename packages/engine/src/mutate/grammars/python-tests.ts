import type { Node } from 'web-tree-sitter';
import { descendants, type Edit, type TestWords } from '../grammar.ts';

const ignore = '(lambda *a, **k: None)';
const suppress = '__import__("contextlib").suppress(BaseException)';

export const pythonTests: TestWords = {
  stripped: (root, how) => [...descendants(root)].flatMap((node) => strip(node, how)),
  twisted(root) {
    const edits: Edit[] = [];
    const tests = new Set<string>();
    for (const node of descendants(root)) {
      const edit = twist(node);
      const name = edit && testNameOf(node);
      if (!edit || !name) continue;
      edits.push(edit);
      tests.add(name);
    }
    return { edits, tests };
  },
};

function strip(node: Node, how: 'evaluating' | 'importing'): Edit[] {
  const { startIndex: start, endIndex: end } = node;
  if (node.type === 'assert_statement')
    return [{ start, end, text: how === 'importing' ? 'pass' : `(${node.namedChildren[0]?.text ?? 'None'})` }];
  if (node.type !== 'call') return [];
  const name = calledName(node);
  if (/^(raises|warns|deprecated_call|assertRaises\w*|assertWarns\w*|assertLogs)$/.test(name) && isContext(node))
    return [{ start, end, text: suppress }];
  const called = node.childForFieldName('function');
  if (!called || !/^(assert\w+|fail)$/.test(name)) return [];
  return how === 'importing'
    ? [{ start, end, text: 'None' }]
    : [{ start: called.startIndex, end: called.endIndex, text: ignore }];
}

/** `assert a == b` and `self.assertEqual(a, b)` with another b: honest values do not equal it. */
function twist(node: Node): Edit | null {
  if (node.type === 'assert_statement') {
    const comparison = node.namedChildren[0];
    const operators = comparison?.children.filter((child) => child && !child.isNamed).map((child) => child?.type) ?? [];
    const [left, right] = comparison?.namedChildren ?? [];
    if (comparison?.type !== 'comparison_operator' || operators.length !== 1 || !left || !right) return null;
    if (operators[0] === '==')
      return another(left.type !== 'call' && !isLiteral(right) && isLiteral(left) ? left : right);
    return operators[0] === 'in' && left.type === 'string' ? another(left) : null;
  }
  if (node.type !== 'call' || !/^assert(Equal|Equals|ListEqual|DictEqual)$/.test(calledName(node))) return null;
  const [first, second] = node.childForFieldName('arguments')?.namedChildren ?? [];
  if (!first || !second) return null;
  return another(isLiteral(first) && !isLiteral(second) ? first : second);
}

/** Of the same kind where it is plain, so that a value that equals every number does not get away. */
function another(node: Node): Edit {
  const { startIndex: start, endIndex: end, text } = node;
  if (/^\d+$/.test(text)) return { start, end, text: `${BigInt(text) + 1_000_003n}` };
  if (node.type === 'string' && /^["']/.test(text)) return { start, end, text: `(${text} + " and something else")` };
  if (node.type === 'list') return { start, end, text: `(${text} + ["something else"])` };
  return { start, end, text: 'object()' };
}

function isLiteral({ type }: Node): boolean {
  return ['integer', 'float', 'string', 'list', 'dictionary', 'tuple', 'true', 'false', 'none'].includes(type);
}

function calledName(call: Node): string {
  return (call.childForFieldName('function')?.text ?? '').split('.').at(-1) ?? '';
}

function isContext(node: Node): boolean {
  return node.parent?.type === 'with_item' || node.parent?.parent?.type === 'with_item';
}

function testNameOf(node: Node): string | null {
  for (let at = node.parent; at; at = at.parent) {
    const name = at.type === 'function_definition' ? (at.childForFieldName('name')?.text ?? '') : '';
    if (name.startsWith('test')) return name;
    // An expectation in a branch may never be reached by honest code either.
    if (/^(if|for|while|except|lambda)/.test(at.type)) return null;
  }
  return null;
}
