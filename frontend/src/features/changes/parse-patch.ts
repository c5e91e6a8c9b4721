/** A line of a unified diff as it is shown. `before` and `after` are line numbers, where the line has one. */
export interface PatchLine {
  readonly kind: 'same' | 'added' | 'removed' | 'hunk' | 'note';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

const hunkHead = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;

/** Lines of one file's unified diff. What stands before the first hunk (file names, index) is left out. */
export function parsePatch(patch: string): PatchLine[] {
  const lines: PatchLine[] = [];
  let before = 0;
  let after = 0;
  let inside = false;
  for (const raw of patch.replace(/\n$/, '').split('\n')) {
    const head = hunkHead.exec(raw);
    if (head) {
      inside = true;
      before = Number(head[1]);
      after = Number(head[2]);
      lines.push({ kind: 'hunk', before: null, after: null, text: head[3] ?? '' });
      continue;
    }
    if (!inside) continue;
    const text = raw.slice(1).replace(/\r$/, '');
    if (raw.startsWith('+')) lines.push({ kind: 'added', before: null, after: after++, text });
    else if (raw.startsWith('-')) lines.push({ kind: 'removed', before: before++, after: null, text });
    else if (raw.startsWith('\\'))
      lines.push({ kind: 'note', before: null, after: null, text: 'No newline at the end of the file' });
    else lines.push({ kind: 'same', before: before++, after: after++, text });
  }
  return lines;
}
