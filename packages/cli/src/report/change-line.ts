import type { ComparedPath, Comparison } from '@devfactory/contracts';
import { oneLine } from '../terminal.ts';
import { sizeWords } from './size-words.ts';

const signs = { added: '+', modified: '~', removed: '-', renamed: '>' } as const;

/** '~ src/app.ts  1.2 kB -> 1.4 kB  +12 -3' */
export function changeLine(change: ComparedPath): string {
  const name =
    change.oldPath === null
      ? oneLine(change.path, 200)
      : `${oneLine(change.oldPath, 200)} -> ${oneLine(change.path, 200)}`;
  const sizes = [change.sizeBefore, change.sizeAfter].filter((size) => size !== null).map(sizeWords);
  const size = change.type === 'file' ? [...new Set(sizes)].join(' -> ') : change.type;
  const counted = change.binary === true ? 'binary' : change.binary === false ? linesOf(change) : '';
  return [`${signs[change.change]} ${name}`, size, counted].filter((part) => part !== '').join('  ');
}

/** What all of a comparison comes to, and that there is more than one page. */
export function totalsLine({ from, to, totals, changes }: Comparison): string {
  const { added, modified, removed, renamed } = totals;
  const all = added + modified + removed + renamed;
  if (all === 0) return `Nothing differs between ${from} and ${to}.`;
  const more = changes.length < all ? `; ${changes.length} of ${all} shown` : '';
  return `${from} -> ${to}: ${added} added, ${modified} modified, ${removed} removed, ${renamed} renamed; ${sizeWords(totals.bytesBefore)} -> ${sizeWords(totals.bytesAfter)}${more}`;
}

function linesOf({ additions, deletions }: ComparedPath): string {
  return additions + deletions === 0 ? '' : `+${additions} -${deletions}`;
}
