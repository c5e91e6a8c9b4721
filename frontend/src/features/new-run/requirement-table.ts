import { limits, utf8Length, type RequirementList, type RequirementWish } from '@devfactory/contracts';

/** A table as it was read: cells by row, the first row perhaps a heading. */
export type Table = readonly (readonly string[])[];

/** What a text or a table gave: as in the contracts, where a table may also have rows without words. */
export interface FoundWishes {
  readonly wishes: readonly RequirementWish[];
  readonly skipped: readonly { readonly line: number; readonly text: string; readonly why: Why }[];
}
type Why = RequirementList['skipped'][number]['why'] | 'empty';

/** Which column means what; null where none does. Columns are counted from 0. */
export interface Mapping {
  readonly text: number;
  /** When it is met; it is added to the text, from which the plan makes its checks. */
  readonly acceptance: number | null;
  readonly priority: number | null;
  /** The first row names the columns. */
  readonly heading: boolean;
}

const names = {
  text: /^(?:requirement|text|description|summary|title|user.?story|story|feature|what)s?$/i,
  acceptance: /^(?:acceptance|acceptance.?criteria|criteria|checks?|tests?|verification|how)$/i,
  priority: /^(?:priority|prio|importance|moscow|must)$/i,
} as const;

/** Whether a pasted text is rows and columns: cells between tabs, or a heading that names what we know. */
export function looksLikeTable(text: string): boolean {
  const lines = text.trim().split(/\r\n|\r|\n/);
  const [first = '', ...rest] = lines;
  if (rest.length === 0) return false;
  if (lines.every((line) => line.includes('\t'))) return true;
  const cells = first.split(/[,;]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  return cells.length > 1 && cells.some((cell) => names.text.test(cell));
}

/** The mapping that a table most likely means; a person corrects it. */
export function guessMapping(table: Table): Mapping {
  const head = table[0]?.map((cell) => cell.trim()) ?? [];
  const named = (pattern: RegExp): number => head.findIndex((cell) => pattern.test(cell));
  const heading = named(names.text) >= 0 || named(names.priority) >= 0 || named(names.acceptance) >= 0;
  const found = (pattern: RegExp): number | null => (named(pattern) >= 0 ? named(pattern) : null);
  return {
    text: found(names.text) ?? longestColumn(table),
    acceptance: found(names.acceptance),
    priority: found(names.priority),
    heading,
  };
}

/** Requirements of a table. Lines are counted as a spreadsheet does, from 1. `known` holds texts that are in the list already. */
export function wishesOf(table: Table, mapping: Mapping, known: readonly string[] = []): FoundWishes {
  const seen = new Set(known.map((text) => text.trim().toLowerCase()));
  const wishes: RequirementWish[] = [];
  const skipped: FoundWishes['skipped'][number][] = [];
  for (const [index, cells] of table.entries()) {
    if (mapping.heading && index === 0) continue;
    const wish = wishOf(cells, mapping);
    const why = whyNot(wish.text, seen, wishes.length);
    if (why === null) wishes.push(wish);
    else if (cells.some((cell) => cell.trim() !== ''))
      skipped.push({ line: index + 1, text: (wish.text || cells.filter(Boolean).join(' ')).slice(0, 200), why });
    seen.add(wish.text.toLowerCase());
  }
  return { wishes, skipped };
}

function wishOf(cells: readonly string[], mapping: Mapping): RequirementWish {
  const cell = (column: number | null): string =>
    column === null ? '' : (cells[column] ?? '').replaceAll(/\s+/g, ' ').trim();
  const [text, acceptance] = [cell(mapping.text), cell(mapping.acceptance)];
  return {
    text: text !== '' && acceptance !== '' ? `${text.replace(/[.;]$/, '')}. Acceptance: ${acceptance}` : text,
    priority: priorityOf(cell(mapping.priority)),
  };
}

function whyNot(text: string, seen: ReadonlySet<string>, count: number): Why | null {
  if (text === '') return 'empty';
  if (seen.has(text.toLowerCase())) return 'duplicate';
  if (utf8Length(text) > limits.requirementBytes) return 'too long';
  return count >= limits.requirements ? 'too many' : null;
}

/** Words that people rank by; what none of them fits is a must, as without any. */
function priorityOf(word: string): RequirementWish['priority'] {
  if (/^(?:s|should|medium|normal|p2|2)\b/i.test(word)) return 'should';
  if (/^(?:c|could|may|w|won.?t|low|nice|optional|p[34]|[34])\b/i.test(word)) return 'could';
  return 'must';
}

function longestColumn(table: Table): number {
  const widths = (table[0] ?? []).map((_, column) =>
    table.reduce((sum, cells) => sum + (cells[column]?.length ?? 0), 0),
  );
  return Math.max(0, widths.indexOf(Math.max(...widths)));
}
