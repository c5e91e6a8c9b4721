import type { RequirementWish } from '@devfactory/contracts';
import { newRow, type DraftRow } from './draft.ts';

type Rows = readonly DraftRow[];

const ranks = ['must', 'should', 'could'] as const;

/** Moves a row by one; at the edge it stays. */
export function movedRow(rows: Rows, key: string, by: -1 | 1): Rows {
  const from = rows.findIndex((row) => row.key === key);
  const row = rows[from];
  if (!row || from + by < 0 || from + by >= rows.length) return rows;
  const rest = rows.filter((other) => other.key !== key);
  return [...rest.slice(0, from + by), row, ...rest.slice(from + by)];
}

/** Cuts a row at a place of its text: the words behind it become a row of their own, `next`. */
export function splitRow(rows: Rows, key: string, { at, next }: { at: number; next: DraftRow }): Rows {
  return rows.flatMap((row) =>
    row.key === key
      ? [
          { ...row, text: row.text.slice(0, at).trimEnd() },
          { ...next, text: row.text.slice(at).trimStart(), priority: row.priority },
        ]
      : [row],
  );
}

/** Cuts a row into its sentences; one sentence stays as it is. */
export function splitSentences(rows: Rows, key: string): Rows {
  return rows.flatMap((row) => {
    const sentences = row.key === key ? sentencesOf(row.text) : [];
    return sentences.length < 2
      ? [row]
      : sentences.map((text, index) => (index === 0 ? { ...row, text } : newRow(text, row.priority)));
  });
}

export function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.;!?])\s+(?=\p{Lu})/u)
    .map((sentence) => sentence.trim())
    .filter(Boolean);
}

/** Joins a row to the one above it, which keeps the more urgent priority of both. */
export function mergedRow(rows: Rows, key: string): Rows {
  const at = rows.findIndex((row) => row.key === key);
  const [above, row] = [rows[at - 1], rows[at]];
  if (!above || !row) return rows;
  const text = [above.text.trim(), row.text.trim()].filter(Boolean).join(' ');
  const priority = ranks.find((rank) => [above, row].some((one) => one.text.trim() !== '' && one.priority === rank));
  return [...rows.slice(0, at - 1), { ...above, text, priority: priority ?? above.priority }, ...rows.slice(at + 1)];
}

/** Rows of wishes in the place of an empty row, or behind one with words. */
export function insertedWishes(rows: Rows, key: string, wishes: readonly RequirementWish[]): Rows {
  const at = rows.findIndex((row) => row.key === key);
  const keep = rows[at]?.text.trim() === '' ? at : at + 1;
  return [...rows.slice(0, keep), ...wishes.map((wish) => newRow(wish.text, wish.priority)), ...rows.slice(at + 1)];
}
