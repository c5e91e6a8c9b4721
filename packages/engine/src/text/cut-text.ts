/** Head and tail of a text that is too long, with what was left out between them. `most` counts UTF-16 units; no character is split. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  const note = (left: number): string => `\n… ${left} characters left out …\n`;
  const room = most - note(text.length).length;
  if (room < 2) return `${cutHead(text, most - 1)}…`;
  const head = cutHead(text, Math.ceil(room / 2));
  const tail = cutTail(text, Math.floor(room / 2));
  return (head + note(text.length - head.length - tail.length) + tail).toWellFormed();
}

/** The first `most` UTF-16 units, one less where that would split a character. */
export function cutHead(text: string, most: number): string {
  const end = isLowHalf(text, most) ? most - 1 : most;
  return text.slice(0, Math.max(0, end)).toWellFormed();
}

function cutTail(text: string, most: number): string {
  const start = text.length - most;
  return text.slice(isLowHalf(text, start) ? start + 1 : start);
}

function isLowHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}

/** At most `most` lines: the first and the last ones. */
export function cutLines(text: string, most: number): string {
  const lines = text.split('\n');
  if (lines.length <= most) return text;
  const half = Math.floor(most / 2);
  return [...lines.slice(0, half), `… ${lines.length - 2 * half} lines left out …`, ...lines.slice(-half)].join('\n');
}

/** Printable ASCII of at most `most` characters: for names that others made up. */
export function plainText(text: string, most: number): string {
  return text.slice(0, most).replaceAll(/[^\x21-\x7e]/g, '_');
}
