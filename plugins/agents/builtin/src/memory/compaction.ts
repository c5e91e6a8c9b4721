import { utf8Length } from '@devfactory/contracts';
import type { PastStep } from '@devfactory/kit';
import type { Told } from './conversation.ts';

/** Share of the context at which older steps are left out: rarely, for each time the provider's cache is lost. */
const fullAt = 0.75;
/** Share of the context that the steps kept word for word may take. */
const keptShare = 0.2;
const bytesPerToken = 3;
const lineCharacters = 160;
const mostLines = 120;

/** Whether the next request would come too close to what the model holds. */
export function isFull(steps: readonly Told[], contextTokens: number, outputTokens: number): boolean {
  const last = steps.at(-1);
  if (!last) return false;
  const room = Math.min(contextTokens * fullAt, contextTokens - outputTokens);
  return last.memo.tokens + estimated(resultsOf(last.past)) > room;
}

/** The first of the last steps that stay word for word. A step is kept whole, so no call loses its answer. */
export function keptFrom(steps: readonly Told[], contextTokens: number): number | null {
  let room = contextTokens * keptShare;
  let first: number | null = null;
  for (const told of steps.toReversed()) {
    room -= estimated(JSON.stringify(told.memo.parts) + resultsOf(told.past) + told.memo.notes.join(''));
    if (room < 0) break;
    first = told.past.step;
  }
  return first;
}

/** What was done in steps that are left out, a line each; the oldest go first when there are too many. */
export function digestOf(steps: readonly Told[]): string {
  const lines = steps.flatMap(({ past }) => stepLines(past));
  const left = lines.length - mostLines;
  return [...(left > 0 ? [`(${left} earlier lines left out)`] : []), ...lines.slice(-mostLines)].join('\n');
}

function stepLines({ text, calls, results }: PastStep): string[] {
  const said = text.trim() === '' ? [] : [line(`said: ${text.trim()}`)];
  return [
    ...said,
    ...calls.map((call) => {
      const result = results[call.id];
      const about = aboutOf(call.input);
      const exit = result === undefined || result.exitCode === null ? '' : ` exit ${result.exitCode}`;
      return line(`${call.tool} ${about} -> ${result?.outcome ?? 'not run'}${exit}`);
    }),
  ];
}

/** A call's subject in a few words. */
function aboutOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const { path, command, text, question } = input as Record<string, unknown>;
  const [about] = [path, command, text, question].filter((value) => typeof value === 'string');
  return about ?? '';
}

function line(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return `- ${flat.length > lineCharacters ? `${flat.slice(0, lineCharacters - 1).toWellFormed()}…` : flat}`;
}

function resultsOf(past: PastStep): string {
  return past.calls.map((call) => past.results[call.id]?.text ?? '').join('');
}

function estimated(text: string): number {
  return Math.ceil(utf8Length(text) / bytesPerToken);
}
