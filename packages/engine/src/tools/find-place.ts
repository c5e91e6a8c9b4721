/** Where a text to replace is, and what goes there. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export type Found = { readonly place: Place } | { readonly places: number };

/**
 * The one place of `find` in a file: as it is written, else with line ends, indentation and runs of spaces not looked at. Then the
 * replacement gets the file's line ends and indentation. More than one place is none: nobody may guess which was meant.
 */
export function findPlace(text: string, find: string, replace: string): Found {
  const exact = text.split(find).length - 1;
  if (exact === 1) {
    const start = text.indexOf(find);
    return { place: { start, end: start + find.length, replacement: withLineEnds(replace, find, text) } };
  }
  if (exact > 1) return { places: exact };
  return findTolerant(text, find, replace);
}

interface Line {
  readonly start: number;
  /** Behind its last character, before its line end. */
  readonly end: number;
  readonly text: string;
}

function findTolerant(text: string, find: string, replace: string): Found {
  const wanted = withoutEmptyEnds(linesOf(find));
  if (wanted.length === 0) return { places: 0 };
  const lines = linesOf(text);
  const keys = lines.map((line) => keyOf(line.text));
  const wantedKeys = wanted.map((line) => keyOf(line.text));
  const starts: number[] = [];
  for (let at = 0; at + wanted.length <= lines.length; at++) {
    if (wantedKeys.every((key, index) => keys[at + index] === key)) starts.push(at);
  }
  const [at] = starts;
  if (at === undefined || starts.length > 1) return { places: starts.length };
  const first = lines[at];
  const last = lines[at + wanted.length - 1];
  if (!first || !last) return { places: 0 };
  const written = withoutEmptyEnds(linesOf(replace)).map((line) => line.text);
  const moved = reindent(written, indentOf(wanted[0]?.text ?? ''), indentOf(first.text));
  return { place: { start: first.start, end: last.end, replacement: moved.join(lineEndOf(text)) } };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  // A byte-order mark belongs to the file, not to its first line.
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (const match of text.matchAll(/\r\n|\n|$/g)) {
    if (match.index < start) continue;
    lines.push({ start, end: match.index, text: text.slice(start, match.index) });
    start = match.index + match[0].length;
    if (match[0] === '') break;
  }
  return lines;
}

function withoutEmptyEnds(lines: readonly Line[]): readonly Line[] {
  const first = lines.findIndex((line) => line.text.trim() !== '');
  const last = lines.findLastIndex((line) => line.text.trim() !== '');
  return first === -1 ? [] : lines.slice(first, last + 1);
}

/** Bare of what people and models write differently without meaning it. */
function keyOf(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function reindent(lines: readonly string[], from: string, to: string): string[] {
  if (from === to) return [...lines];
  return lines.map((line) => {
    if (line.trim() === '') return '';
    return line.startsWith(from) ? to + line.slice(from.length) : to + line.trimStart();
  });
}

function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function withLineEnds(replace: string, find: string, text: string): string {
  const windows = text.includes('\r\n') && !replace.includes('\r\n') && (find.includes('\r\n') || !find.includes('\n'));
  return windows ? replace.replaceAll('\n', '\r\n') : replace;
}
