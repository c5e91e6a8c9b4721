import type { Node } from 'web-tree-sitter';
import { descendants, type Edit, type TestWords } from '../grammar.ts';

const quiet = 'java.util.Objects.hash';

/** A class is called like its file, so a variant's class is called otherwise. */
export const javaTests: TestWords = {
  stripped: (root, how) => (how === 'importing' ? nothingRun(root) : nothingAsserted(root)),
  twisted: () => ({ edits: [], tests: new Set() }),
  apart({ path, root }, name) {
    const slash = path.lastIndexOf('/') + 1;
    const own = path.slice(slash).replace(/\.java$/, '');
    const other = `Devfactory${name}${own}`;
    return {
      path: `${path.slice(0, slash)}${other}.java`,
      edits: [...descendants(root)].flatMap((node) =>
        /^(identifier|type_identifier)$/.test(node.type) && node.text === own
          ? [{ start: node.startIndex, end: node.endIndex, text: other }]
          : [],
      ),
      rename: (test) => test,
    };
  },
};

/** What stands by itself and asserts: its plain arguments are still computed, what would only be called is not. */
function nothingAsserted(root: Node): Edit[] {
  return root.descendantsOfType('expression_statement').flatMap((statement): Edit[] => {
    const call = statement?.namedChildren[0];
    if (!statement || call?.type !== 'method_invocation') return [];
    const first = innermost(call);
    const name = first.childForFieldName('name')?.text ?? '';
    if (!/^(assert\w*|fail|verify)$/.test(name)) return [];
    const values = (first.childForFieldName('arguments')?.namedChildren ?? []).flatMap((value) =>
      !value || /^(lambda_expression|method_reference|class_literal|line_comment|block_comment)$/.test(value.type)
        ? []
        : [value.text],
    );
    return [
      {
        start: statement.startIndex,
        end: statement.endIndex,
        text: `${quiet}(new Object[] { ${values.join(', ')} });`,
      },
    ];
  });
}

/** `assertThat(x)` of `assertThat(x).isEqualTo(y)`. */
function innermost(call: Node): Node {
  let found = call;
  for (let at = call.childForFieldName('object'); at?.type === 'method_invocation'; at = at.childForFieldName('object'))
    found = at;
  return found;
}

/** Compiled with its imports, and empty. */
function nothingRun(root: Node): Edit[] {
  return root.descendantsOfType('method_declaration').flatMap((method): Edit[] => {
    const marks = method?.namedChildren.find((child) => child?.type === 'modifiers')?.text ?? '';
    const body = method?.childForFieldName('body');
    return body && /@(Test|ParameterizedTest|RepeatedTest)\b/.test(marks)
      ? [{ start: body.startIndex, end: body.endIndex, text: '{ }' }]
      : [];
  });
}
