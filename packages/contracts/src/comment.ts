import { z } from 'zod';
import { LineSpan } from './file-change.ts';
import { CheckpointId } from './ids.ts';
import { limits, utf8Length } from './limits.ts';
import { EditedPath } from './workspace-file.ts';

/** What a person says about lines of a file, with the code they saw. `side`: of the older or the newer of two checkpoints. */
export const ReviewComment = z.strictObject({
  path: EditedPath,
  checkpointId: CheckpointId.describe('whose file the lines are of'),
  side: z.enum(['old', 'new']).default('new'),
  lines: LineSpan,
  quote: z.string().max(2000),
  text: z
    .string()
    .trim()
    .min(1)
    .refine((text) => utf8Length(text) <= 4000, 'is too long; at most 4,000 bytes'),
});
export type ReviewComment = z.infer<typeof ReviewComment>;

const longestQuote = 12;

/** Comments as one message to the agent, each with its place and the code that it is about. */
export function reviewMessage(comments: readonly ReviewComment[], words: string): string {
  const parts = comments.map((comment, index) => {
    const { path, lines, checkpointId, quote, side, text } = comment;
    const place = lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from}-${lines.to}`;
    const gone = side === 'old' ? ', which were there before' : '';
    const quoted = quote.split('\n');
    const shown = quoted.slice(0, longestQuote).map((line) => `> ${line}`);
    const more = quoted.length > longestQuote ? ['> …'] : [];
    return [
      `${index + 1}. ${JSON.stringify(path)}, ${place} (at ${checkpointId}${gone}):`,
      ...shown,
      ...more,
      text,
    ].join('\n');
  });
  const opening = words.trim() === '' ? 'Review comments:' : words.trim();
  return [opening, ...parts].join('\n\n');
}

/** Whether they fit into one message. */
export function fitsReview(comments: readonly ReviewComment[], words: string): boolean {
  return utf8Length(reviewMessage(comments, words)) <= limits.feedbackBytes;
}

/** Where code that was quoted stands in a text now: its line, or null when it is there no more. */
export function findQuote(text: string, { quote, lines }: Pick<ReviewComment, 'quote' | 'lines'>): number | null {
  const all = text.split(/\r?\n/);
  const wanted = quote.split('\n');
  const isAt = (line: number): boolean => wanted.every((part, index) => all[line - 1 + index] === part);
  if (isAt(lines.from)) return lines.from;
  let best: number | null = null;
  for (let line = 1; line <= all.length - wanted.length + 1; line++) {
    if (isAt(line) && (best === null || Math.abs(line - lines.from) < Math.abs(best - lines.from))) best = line;
  }
  return best;
}
