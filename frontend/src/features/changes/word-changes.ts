import { diffWordsWithSpace } from 'diff';
import type { Range } from '../../components/code/ink.ts';

/** Longer lines are not compared word by word: nobody reads them, and they would cost the most. */
const longest = 600;

/** What differs between two lines that stand in for each other; null where they have too little in common to say. */
export function wordChanges(
  before: string,
  after: string,
): { readonly before: readonly Range[]; readonly after: readonly Range[] } | null {
  if (before.length > longest || after.length > longest) return null;
  const gone: Range[] = [];
  const come: Range[] = [];
  let [left, right, same] = [0, 0, 0];
  for (const { value, added, removed } of diffWordsWithSpace(before, after)) {
    if (!added && !removed) same += value.trim().length;
    if (removed) gone.push({ start: left, end: left + value.length });
    if (added) come.push({ start: right, end: right + value.length });
    if (!added) left += value.length;
    if (!removed) right += value.length;
  }
  const most = Math.max(before.trim().length, after.trim().length);
  return same * 3 < most ? null : { before: gone, after: come };
}
