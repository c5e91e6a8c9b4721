import { diffLines } from 'diff';
import type * as Y from 'yjs';

/** The name of a document's text, on both sides of the wire. */
export const textName = 'text';

/** The file is a stranger's: comparing may not hold up everyone else. */
const patience = { timeout: 300, maxEditLength: 5000 };

/** Makes a shared text another one by the changes between them, so that what others type beside them stays where it belongs. */
export function become(shared: Y.Text, next: string): void {
  const before = shared.toJSON();
  if (before === next) return;
  const changes = diffLines(before, next, patience);
  const replace = (at: number, old: string, fresh: string): void => {
    let start = 0;
    while (start < old.length && old[start] === fresh[start]) start++;
    let end = 0;
    const most = Math.min(old.length, fresh.length) - start;
    while (end < most && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end++;
    if (old.length - end > start) shared.delete(at + start, old.length - end - start);
    if (fresh.length - end > start) shared.insert(at + start, fresh.slice(start, fresh.length - end));
  };
  const apply = (): void => {
    if (!changes) return replace(0, before, next);
    let at = 0;
    for (let index = 0; index < changes.length; index++) {
      const change = changes[index];
      const after = changes[index + 1];
      if (!change) continue;
      if (change.removed && after?.added) {
        replace(at, change.value, after.value);
        at += after.value.length;
        index++;
      } else if (change.removed) replace(at, change.value, '');
      else {
        if (change.added) replace(at, '', change.value);
        at += change.value.length;
      }
    }
  };
  if (shared.doc) shared.doc.transact(apply);
  else apply();
}

/** How lines end in a file: editors count each line end as one, so they get the same for all, where the file has the same for all. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1;
  return all > 0 && text.split('\r\n').length - 1 === all ? '\r\n' : '\n';
}
