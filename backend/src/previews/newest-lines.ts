import { stripVTControlCharacters } from 'node:util';

/** The last lines of what a program wrote, without colours and other orders to a terminal, each cut to a size that can be shown. */
export function newestLines(output: string, most: number): string[] {
  const lines = stripVTControlCharacters(output.slice(-64_000))
    .replaceAll(/\r+\n/g, '\n')
    // oxlint-disable-next-line no-control-regex -- because what is left of control characters is exactly what must go
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-most).map((line) => line.slice(0, 2000));
}
