/** Head and tail of a text that is too long, with what was left out between them. `most` counts characters. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const note = (left: number): string => `\n… ${left} characters left out …\n`;
  const room = most - note(text.length).length;
  const head = Math.ceil(room / 2);
  const tail = room - head;
  return text.slice(0, head) + note(text.length - head - tail) + text.slice(text.length - tail);
}

/** At most `most` lines: the first and the last ones. */
export function cutLines(text: string, most: number): string {
  const lines = text.split('\n');
  if (lines.length <= most) return text;
  const half = Math.floor(most / 2);
  return [...lines.slice(0, half), `… ${lines.length - 2 * half} lines left out …`, ...lines.slice(-half)].join('\n');
}
