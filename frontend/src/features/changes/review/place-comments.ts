import type { CommentRecord, LineSpan } from '@devfactory/contracts';
import type { DiffRow } from '../diff-rows.ts';

/** Lines of one side of one file, about which something is said. */
export interface Place {
  readonly path: string;
  readonly side: 'old' | 'new';
  readonly lines: LineSpan;
}

interface Shown {
  readonly from: string;
  readonly to: string;
}

/** Rows with comments below the lines that they are about, and the place where one is being written. */
export function withComments(
  rows: readonly DiffRow[],
  paths: readonly string[],
  { comments, span, writing }: { comments: readonly CommentRecord[]; span: Shown; writing: Place | null },
): readonly DiffRow[] {
  if (comments.length === 0 && writing === null) return rows;
  const below = new Map<number, DiffRow[]>();
  const put = (at: number, row: DiffRow): void => void below.set(at, [...(below.get(at) ?? []), row]);
  for (const comment of comments) {
    const at = rowOf(rows, paths, { comment, span });
    const file = rows[at]?.file;
    if (file !== undefined) put(at, { kind: 'comment', id: comment.id, file, key: `${file}.${comment.id}` });
  }
  if (writing) {
    const at = rows.findIndex(
      (row) => paths[row.file] === writing.path && numberOf(row, writing.side) === writing.lines.to,
    );
    const file = rows[at]?.file;
    if (file !== undefined) put(at, { kind: 'write', file, key: `${file}.write` });
  }
  return below.size === 0 ? rows : rows.flatMap((row, index) => [row, ...(below.get(index) ?? [])]);
}

/** Where a comment stands in what is shown: at its line, at the line its code moved to, or nowhere (-1). */
function rowOf(
  rows: readonly DiffRow[],
  paths: readonly string[],
  { comment, span }: { comment: CommentRecord; span: Shown },
): number {
  const { path, side, lines, quote, checkpointId } = comment;
  const same = checkpointId === (side === 'new' ? span.to : span.from);
  const last = quote.split('\n').at(-1);
  let best = -1;
  let distance = Infinity;
  for (const [index, row] of rows.entries()) {
    if (paths[row.file] !== path) continue;
    const number = numberOf(row, side);
    if (number === null || (same ? number !== lines.to : textOf(row, side) !== last)) continue;
    if (Math.abs(number - lines.to) < distance) [best, distance] = [index, Math.abs(number - lines.to)];
  }
  return best;
}

/** The code of some lines, as far as it is shown. */
export function quoteOf(rows: readonly DiffRow[], paths: readonly string[], place: Place): string {
  return rows
    .filter((row) => paths[row.file] === place.path)
    .filter((row) => {
      const number = numberOf(row, place.side);
      return number !== null && number >= place.lines.from && number <= place.lines.to;
    })
    .map((row) => textOf(row, place.side) ?? '')
    .join('\n')
    .slice(0, 2000)
    .toWellFormed();
}

/** The place that a row itself is: its newer line, or the older one where that is gone. */
export function placeOf(row: DiffRow, path: string): Place | null {
  const after = numberOf(row, 'new');
  const number = after ?? numberOf(row, 'old');
  return number === null ? null : { path, side: after === null ? 'old' : 'new', lines: { from: number, to: number } };
}

function numberOf(row: DiffRow, side: 'old' | 'new'): number | null {
  return lineOf(row, side)?.[side === 'new' ? 'after' : 'before'] ?? null;
}

function textOf(row: DiffRow, side: 'old' | 'new'): string | undefined {
  return lineOf(row, side)?.text;
}

function lineOf(row: DiffRow, side: 'old' | 'new') {
  if (row.kind === 'line') return row.line;
  return row.kind === 'pair' ? (side === 'new' ? row.after : row.before) : null;
}
