import { hash } from 'node:crypto';
import type { Mutant } from '@devfactory/contracts';
import type { Node } from 'web-tree-sitter';
import type { Edit, Grammar, Parsed } from './grammar.ts';

/** One possible mutant of a file. */
export interface Site extends Edit {
  readonly change: Mutant['change'];
  /** 1-based line in the file as it is. */
  readonly line: number;
  /** The text before. */
  readonly before: string;
  /** Start of the innermost function around it; -1 at the top level. */
  readonly place: number;
}

const operators: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  and: 'or',
  or: 'and',
  '&&': '||',
  '||': '&&',
  in: 'not in',
  'not in': 'in',
};
const boundaries: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const truths: Readonly<Record<string, string>> = { true: 'false', false: 'true', True: 'False', False: 'True' };

const operatorParent = /binary|comparison|boolean_operator|logical/;
const branch = /^(if|elif|conditional|ternary)/;
const numbers = /^(integer|float|number|number_literal|int_literal|float_literal|integer_literal|decimal_\w+_literal)$/;
const wordContent = /^(string_content|string_fragment|interpreted_string_literal_content|raw_string_literal_content)$/;
/** Changing these changes what can be loaded, or nothing at all. */
const untouched =
  /^(import|future_import|use_declaration|package|preproc_|line_comment|block_comment|comment|type_annotation|type_arguments|type_parameters|predefined_type|interface_declaration|type_alias)/;
const call = /^(call|call_expression|method_invocation)$/;
const actions =
  /^(call|call_expression|method_invocation|await|await_expression|augmented_assignment|augmented_assignment_expression|update_expression|macro_invocation)$/;

/** A file may be nested as deep and as odd as a stranger likes: no recursion, and an end. */
const patienceMs = 1500;

/** Every mutation that the grammar knows on the given lines. Pure. */
export function sitesOf({ root, text }: Parsed, grammar: Grammar, lines: ReadonlySet<number>): Site[] {
  const sites: Site[] = [];
  const touches = touching(lines, root.endPosition.row);
  const stack: { readonly node: Node; readonly place: number }[] = [{ node: root, place: -1 }];
  const end = performance.now() + patienceMs;
  for (let next = stack.pop(); next && performance.now() < end; next = stack.pop()) {
    const { node, place } = next;
    if (!touches(node) || untouched.test(node.type) || node.isMissing) continue;
    const line = node.startPosition.row + 1;
    const changes = lines.has(line) ? changesOf(node, grammar) : [];
    for (const { change, ...edit } of changes)
      sites.push({ ...edit, change, line, place, before: text.slice(edit.start, edit.end) });
    const body = grammar.functions.has(node.type) ? node.childForFieldName('body') : null;
    for (const child of node.children.toReversed())
      if (child) stack.push({ node: child, place: body && child.equals(body) ? node.startIndex : place });
  }
  return sites.filter((site) => site.before !== site.text);
}

/** Whether one of the lines lies in a node, without going through its lines. */
function touching(lines: ReadonlySet<number>, lastRow: number): (node: Node) => boolean {
  const before = [0];
  for (let row = 0; row <= lastRow; row += 1) before.push((before[row] ?? 0) + Number(lines.has(row + 1)));
  return ({ startPosition, endPosition }) => (before[endPosition.row + 1] ?? 0) > (before[startPosition.row] ?? 0);
}

type Change = Edit & { readonly change: Mutant['change'] };

function changesOf(node: Node, grammar: Grammar): Change[] {
  if (node.isError || node.hasError) return [];
  const to = (target: Node, change: Mutant['change'], text: string): Change => ({
    start: target.startIndex,
    end: target.endIndex,
    change,
    text,
  });
  if (!node.isNamed || node.type === 'not in') return operatorChanges(node, to);
  return [
    ...conditions(node, grammar, to),
    ...constants(node, grammar, to),
    ...values(node, grammar, to),
    ...statements(node, grammar, to),
  ];
}

type To = (target: Node, change: Mutant['change'], text: string) => Change;

function operatorChanges(node: Node, to: To): Change[] {
  if (!operatorParent.test(node.parent?.type ?? '')) return [];
  const boundary = boundaries[node.type];
  if (boundary !== undefined) return [to(node, 'moved-boundary', boundary)];
  const operator = operators[node.type];
  return operator === undefined ? [] : [to(node, 'changed-operator', operator)];
}

function conditions(node: Node, { not }: Grammar, to: To): Change[] {
  const condition = node.childForFieldName('condition');
  if (!not || !condition || !branch.test(node.type) || /let|;/.test(condition.type + condition.text)) return [];
  const inner = condition.text;
  const bracketed = /parenthesized|condition_clause/.test(condition.type);
  return [to(condition, 'negated-condition', bracketed ? `(${not(inner.slice(1, -1))})` : not(inner))];
}

function constants(node: Node, grammar: Grammar, to: To): Change[] {
  const { type } = node;
  if (numbers.test(type))
    return /^\d{1,15}(\.\d+)?$/.test(node.text) ? [to(node, 'changed-constant', increment(node.text))] : [];
  if (type in truths || type === 'boolean_literal') {
    const other = truths[node.text];
    return other === undefined ? [] : [to(node, 'changed-constant', other)];
  }
  if (grammar.constants?.has(type) ? node.text.trim().length < 2 : !wordContent.test(type) || isNoValue(node))
    return [];
  return [to(node, 'changed-constant', 'something else')];
}

function increment(text: string): string {
  const [whole = '0', rest] = text.split('.');
  const next = String(Number(whole) + 1);
  return rest === undefined ? next : `${next}.${rest}`;
}

/** A docstring, a directive, the name of a module. */
function isNoValue(content: Node): boolean {
  const holder = content.parent?.parent;
  return holder?.type === 'expression_statement' || /^(import|export_statement|include)/.test(holder?.type ?? '');
}

/** What a function gives back, and calls whose value is used. */
function values(node: Node, { nothing, not, functions }: Grammar, to: To): Change[] {
  if (nothing === null) return [];
  const returned = returnedBy(node, functions);
  if (returned) {
    const opposite = not ? [to(returned, 'replaced-return', not(returned.text))] : [];
    return returned.text === nothing ? [] : [to(returned, 'replaced-return', nothing), ...opposite];
  }
  if (
    !call.test(node.type) ||
    /^(expression_statement|await|await_expression|decorator)$/.test(node.parent?.type ?? '')
  )
    return [];
  const first = node.childForFieldName('arguments')?.namedChildren[0];
  const plain = first && !/splat|spread|keyword|comment|generator/.test(first.type);
  return [to(node, 'removed-call', plain ? `(${first.text})` : nothing)];
}

function returnedBy(node: Node, functions: ReadonlySet<string>): Node | null {
  if (node.type === 'return_statement') return node.namedChildren[0] ?? null;
  const body = functions.has(node.type) || node.type === 'lambda' ? node.childForFieldName('body') : null;
  return body && !/block|body|compound/.test(body.type) ? body : null;
}

function statements(node: Node, { emptyStatement }: Grammar, to: To): Change[] {
  if (/^(raise|throw)_statement$/.test(node.type)) return [to(node, 'removed-statement', emptyStatement)];
  if (node.type !== 'expression_statement') return [];
  const doing = node.namedChildren[0];
  if (!doing || !(actions.test(doing.type) || setsMember(doing))) return [];
  return [to(node, call.test(doing.type) ? 'removed-call' : 'removed-statement', emptyStatement)];
}

/** Leaving out the making of a name only breaks what uses it; leaving out a change of something that lives on is a mutant. */
function setsMember(node: Node): boolean {
  const left = node.type.startsWith('assignment') ? node.childForFieldName('left') : null;
  return left !== null && /subscript|attribute|member|selector|field/.test(left.type);
}

/** An order that looks random and is the same each time. */
export function shuffleKey(...words: readonly (string | number)[]): string {
  return hash('sha256', words.join('\0'), 'hex');
}
