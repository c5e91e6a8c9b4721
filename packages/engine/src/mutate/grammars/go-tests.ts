import type { Node } from 'web-tree-sitter';
import { descendants, type Edit, type TestWords } from '../grammar.ts';

const ignore = 'func(...any) bool { return true }';

/** Tests of a package share its names: what a variant declares gets other ones. Expectations are any comparison, so none is turned. */
export const goTests: TestWords = {
  stripped: (root, how) => (how === 'importing' ? nothingRun(root) : nothingAsserted(root)),
  twisted: () => ({ edits: [], tests: new Set() }),
  apart({ path, root }, name) {
    const mark = `Devfactory${name}`;
    const names = new Set(root.namedChildren.flatMap((child) => (child ? declared(child) : [])));
    const slash = path.lastIndexOf('/') + 1;
    return {
      path: `${path.slice(0, slash)}devfactory_${name}_${path.slice(slash)}`,
      edits: [...descendants(root)].flatMap((node) =>
        /^(identifier|type_identifier)$/.test(node.type) && names.has(node.text)
          ? [{ start: node.endIndex, end: node.endIndex, text: mark }]
          : [],
      ),
      rename: (test) => test.replace(/^[^/]+/, (first) => (names.has(first) ? first + mark : first)),
    };
  },
};

/** Names that a declaration at the top of a file brings into the package. */
function declared(node: Node): string[] {
  if (node.type === 'function_declaration')
    return [node.childForFieldName('name')?.text ?? ''].filter((name) => name !== 'init');
  if (!/^(type|var|const)_declaration$/.test(node.type)) return [];
  return node
    .descendantsOfType(['type_spec', 'var_spec', 'const_spec'])
    .flatMap((spec) => (spec ? spec.childrenForFieldName('name') : []))
    .flatMap((name) => (name?.type.endsWith('identifier') && name.text !== '_' ? [name.text] : []));
}

/** The call stays, with its arguments, and leads nowhere. */
function nothingAsserted(root: Node): Edit[] {
  const packages = new Set<string>();
  const edits = root.descendantsOfType('call_expression').flatMap((call): Edit[] => {
    const called = call?.childForFieldName('function');
    const [subject, word] = [
      called?.childForFieldName('operand')?.text ?? '',
      called?.childForFieldName('field')?.text ?? '',
    ];
    if (!called || called.type !== 'selector_expression') return [];
    const ownWord = /^(t|tb|tt|b|c)$/.test(subject) && /^(Errorf?|Fatalf?|Fail|FailNow)$/.test(word);
    const library = /^(assert|require|is)$/.test(subject) && /^[A-Z]/.test(word);
    if (!ownWord && !library) return [];
    if (library) packages.add(called.text);
    return [{ start: called.startIndex, end: called.endIndex, text: ignore }];
  });
  const used = [...packages].map((name) => `var _ = ${name}\n`).join('');
  const { endIndex: end } = root;
  return [...edits, { start: end, end, text: `\n${used}` }];
}

/** Compiled with all that it names, and over before it begins. */
function nothingRun(root: Node): Edit[] {
  return root.namedChildren.flatMap((child): Edit[] => {
    const isTest = child?.type === 'function_declaration' && child.childForFieldName('name')?.text.startsWith('Test');
    const body = isTest ? child.childForFieldName('body') : null;
    return body ? [{ start: body.startIndex + 1, end: body.startIndex + 1, text: ' if true { return };' }] : [];
  });
}
