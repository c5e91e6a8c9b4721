/** Ink a piece of code is set in. Colour is kept for evidence, so code is told apart by weight, slant and the one accent. */
export type Tint = 'comment' | 'string' | 'keyword' | 'name' | 'plain';

export interface Piece {
  readonly text: string;
  readonly tint: Tint;
}

/** Columns of a line from `start` up to `end`, counted in characters as JavaScript does. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A run of characters in one ink, inside or outside what is marked. */
export interface Stretch extends Piece {
  readonly marked: boolean;
}

/** A line cut where its ink or its mark changes. Pieces that do not spell the line are ignored: they are of another text. */
export function stretches(line: string, pieces: readonly Piece[] | undefined, marks: readonly Range[] = []): Stretch[] {
  const inks = pieces && spells(pieces, line) ? pieces : [{ text: line, tint: 'plain' as const }];
  const found: Stretch[] = [];
  let at = 0;
  for (const { text, tint } of inks) {
    const end = at + text.length;
    while (at < end) {
      const mark = marks.find((range) => range.end > at);
      const marked = mark !== undefined && mark.start <= at;
      const stop = Math.min(end, mark === undefined ? end : marked ? mark.end : mark.start);
      found.push({ text: line.slice(at, stop), tint, marked });
      at = stop;
    }
  }
  return found;
}

function spells(pieces: readonly Piece[], line: string): boolean {
  let at = 0;
  for (const { text } of pieces) {
    if (!line.startsWith(text, at)) return false;
    at += text.length;
  }
  return at === line.length;
}
