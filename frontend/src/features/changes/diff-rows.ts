import type { FilePatch } from '@devfactory/client';
import type { ChangedPath } from '@devfactory/contracts';
import { calmLines } from './calm-lines.ts';
import { isPicture } from './is-picture.ts';
import { parsePatch, type PatchLine } from './parse-patch.ts';

/** One file of a difference, as it is shown now. */
export interface DiffFile {
  readonly changed: ChangedPath;
  /** Only its head is shown. */
  readonly closed: boolean;
  /** Undefined until it is read. */
  readonly patch: FilePatch | undefined;
  readonly failed: boolean;
  /** Lines of the newer side, once someone asked for what the patch leaves out. */
  readonly whole: readonly string[] | undefined;
  /** Which hidden parts are open, by their place among them; 'all' for each of them. */
  readonly open: ReadonlySet<number> | 'all';
  /** Lines that differ in spaces alone are shown as the same. */
  readonly calm?: boolean;
}

/** A row of the list in which all files stand one after the other. `file` is the place of its file. */
export type DiffRow = { readonly key: string; readonly file: number } & (
  | { readonly kind: 'file' }
  | { readonly kind: 'line'; readonly line: PatchLine; readonly twin: PatchLine | null }
  | { readonly kind: 'pair'; readonly before: PatchLine | null; readonly after: PatchLine | null }
  /** Lines that are the same on both sides and not shown. */
  | { readonly kind: 'fold'; readonly gap: number; readonly hidden: number; readonly label: string }
  | { readonly kind: 'picture' }
  | { readonly kind: 'note'; readonly words: string }
  /** A person's comment on the line above, or the place where one is written. */
  | { readonly kind: 'comment'; readonly id: string }
  | { readonly kind: 'write' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'failure' }
);

type Layout = 'unified' | 'split';
type Body = DiffRow extends infer Row ? (Row extends DiffRow ? Omit<Row, 'key' | 'file'> : never) : never;

/** Rows of one file, its head first. Keys are unique among all files when `file` is. */
export function fileRows(item: DiffFile, file: number, layout: Layout): DiffRow[] {
  const rows = [{ kind: 'file' } as const, ...(item.closed ? [] : bodyOf(item, layout))];
  return rows.map((row, index) => ({ ...row, file, key: `${file}.${index}` }));
}

function bodyOf({ patch, failed, changed, whole, open, calm = false }: DiffFile, layout: Layout): Body[] {
  if (failed) return [{ kind: 'failure' }];
  if (!patch) return [{ kind: 'wait' }];
  if (patch.patch === null && changed.binary && isPicture(changed.path)) return [{ kind: 'picture' }];
  if (patch.patch === null)
    return [
      { kind: 'note', words: changed.binary ? 'This file is binary.' : 'This file is too large to compare here.' },
    ];
  const all = parsePatch(patch.patch);
  const lines = calm ? calmLines(all) : all;
  if (lines.length === 0 && all.length > 0) return [{ kind: 'note', words: 'Only spaces differ.' }];
  if (lines.length === 0) return [{ kind: 'note', words: 'No line differs: only its mode or its name changed.' }];
  const rows = withFolds(lines, { whole, open }).flatMap((part) =>
    Array.isArray(part) ? inLayout(part, layout) : [part],
  );
  return patch.truncated
    ? [...rows, { kind: 'note', words: 'The difference is long; its first part is shown.' }]
    : rows;
}

/** Where each side stands after some lines. */
interface Stand {
  before: number;
  after: number;
}

/** Hunks as lists of lines; between them what they leave out, folded or unfolded. */
function withFolds(
  lines: readonly PatchLine[],
  { whole, open }: Pick<DiffFile, 'whole' | 'open'>,
): (PatchLine[] | Body)[] {
  const parts: (PatchLine[] | Body)[] = [];
  const at: Stand = { before: 1, after: 1 };
  let gaps = 0;
  const fill = (until: number, label: string): void => {
    const hidden = until - at.after;
    if (hidden <= 0) return;
    const gap = gaps++;
    if (whole && (open === 'all' || open.has(gap))) parts.push(unfolded(whole, at, hidden));
    else parts.push({ kind: 'fold', gap, hidden, label });
  };
  for (const hunk of hunksOf(lines)) {
    fill(firstAfter(hunk.lines, at), hunk.label);
    parts.push(hunk.lines);
    for (const line of hunk.lines) {
      if (line.before !== null) at.before = line.before + 1;
      if (line.after !== null) at.after = line.after + 1;
    }
  }
  if (whole) fill(whole.length + 1, '');
  return parts;
}

/** Line of the newer side at which a hunk begins; one that only removes has none of its own, so the older side tells. */
function firstAfter(lines: readonly PatchLine[], at: Stand): number {
  const after = lines.find((line) => line.after !== null)?.after ?? null;
  const before = lines.find((line) => line.before !== null)?.before ?? null;
  return after ?? at.after + ((before ?? at.before) - at.before);
}

function unfolded(whole: readonly string[], at: Stand, count: number): PatchLine[] {
  const lines = Array.from({ length: count }, (_, index): PatchLine => {
    const after = at.after + index;
    return { kind: 'same', before: at.before + index, after, text: whole[after - 1] ?? '' };
  });
  at.before += count;
  at.after += count;
  return lines;
}

function hunksOf(lines: readonly PatchLine[]): { readonly label: string; readonly lines: PatchLine[] }[] {
  const hunks: { label: string; lines: PatchLine[] }[] = [];
  for (const line of lines) {
    if (line.kind === 'hunk') hunks.push({ label: line.text, lines: [] });
    else hunks.at(-1)?.lines.push(line);
  }
  return hunks;
}

/** Removed lines and the added ones that stand in for them face each other. */
function inLayout(lines: readonly PatchLine[], layout: Layout): Body[] {
  const rows: Body[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (!line) break;
    if (line.kind === 'same' || line.kind === 'note') {
      rows.push(
        line.kind === 'note'
          ? { kind: 'note', words: line.text }
          : layout === 'split'
            ? { kind: 'pair', before: line, after: line }
            : { kind: 'line', line, twin: null },
      );
      at += 1;
      continue;
    }
    let end = at;
    while (lines[end] && lines[end]?.kind !== 'same') end += 1;
    rows.push(...block(lines.slice(at, end), layout));
    at = end;
  }
  return rows;
}

function block(lines: readonly PatchLine[], layout: Layout): Body[] {
  const gone = lines.filter((line) => line.kind === 'removed');
  const come = lines.filter((line) => line.kind === 'added');
  const notes = lines.filter((line) => line.kind === 'note').slice(0, 1);
  const rows: Body[] =
    layout === 'split'
      ? Array.from({ length: Math.max(gone.length, come.length) }, (_, index) => ({
          kind: 'pair',
          before: gone[index] ?? null,
          after: come[index] ?? null,
        }))
      : [
          ...gone.map((line, index): Body => ({ kind: 'line', line, twin: come[index] ?? null })),
          ...come.map((line, index): Body => ({ kind: 'line', line, twin: gone[index] ?? null })),
        ];
  return [...rows, ...notes.map(({ text }): Body => ({ kind: 'note', words: text }))];
}

/** Places of the rows at which a change begins. */
export function changeStarts(rows: readonly DiffRow[]): number[] {
  return rows.flatMap((row, index) => {
    const before = rows[index - 1];
    return isChange(row) && !(before && before.file === row.file && isChange(before)) ? [index] : [];
  });
}

function isChange(row: DiffRow): boolean {
  if (row.kind === 'line') return row.line.kind !== 'same';
  return row.kind === 'pair' && row.before !== row.after;
}
