import { stripVTControlCharacters } from 'node:util';
import type { ExecResult } from '@devfactory/kit';

const logBytes = 1_000_000;

/** The full story of one check, for a person who opens it. Bounded: what does not fit any more is counted. */
export class CheckLog {
  readonly #parts: string[] = [];
  #room = logBytes;
  #dropped = 0;

  line(text: string): void {
    const part = `${text}\n`;
    // Counted in UTF-16 units of at most three bytes each, so that the blob stays near the bound whatever is written.
    const kept = part.slice(0, Math.max(0, this.#room));
    this.#room -= kept.length;
    this.#dropped += part.length - kept.length;
    if (kept !== '') this.#parts.push(kept);
  }

  /** A command's end and output. */
  result(result: ExecResult): void {
    const end = result.timedOut
      ? 'timed out'
      : result.signal === null
        ? `exit ${result.exitCode}`
        : `ended by ${result.signal}`;
    this.line(`[${end} after ${Math.round(result.durationMs)} ms]`);
    if (result.stdout !== '') this.line(`--- stdout\n${result.stdout}`);
    if (result.stderr !== '') this.line(`--- stderr\n${result.stderr}`);
    if (result.dropped > 0) this.line(`--- ${result.dropped} bytes of output were dropped`);
  }

  text(): string {
    return this.#parts.join('') + (this.#dropped > 0 ? `\n[${this.#dropped} more characters were dropped]\n` : '');
  }
}

/** The last lines of what a command said, stderr after stdout, for an excerpt: without colours, which say nothing there. */
export function tail(result: ExecResult, characters = 1500): string {
  const said = [result.stdout, result.stderr]
    .map((text) => stripVTControlCharacters(text).trimEnd())
    .filter((text) => text !== '')
    .join('\n');
  return said.length > characters ? `…${said.slice(-characters)}` : said;
}

/** Cuts a text to UTF-8 bytes, never inside a character. */
export function cut(text: string, bytes: number): string {
  const whole = Buffer.from(text.toWellFormed(), 'utf8');
  if (whole.length <= bytes) return text.toWellFormed();
  const mark = '…';
  let end = bytes - Buffer.byteLength(mark);
  while (end > 0 && ((whole[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return whole.subarray(0, end).toString('utf8') + mark;
}

/** An argv as a person would type it; a whole program among the words is only counted. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(wordOf).join(' ');
}

function wordOf(word: string): string {
  if (word.length > 400) return `<${word.length} characters>`;
  return /^[\w@%+=:,./${}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
