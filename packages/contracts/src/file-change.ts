import { z } from 'zod';
import { counted } from './counted.ts';
import { Digest } from './ids.ts';

/** Lines of a file, from 1, both ends included. */
export const LineSpan = z.strictObject({ from: z.int().min(1), to: z.int().min(1) });
export type LineSpan = z.infer<typeof LineSpan>;

/** One change of one path that a person made in the workspace of a run; what its event says. Text is shown as far as an event holds it. */
export const FileChange = z.strictObject({
  path: z.string().min(1).max(4096),
  change: z.enum(['added', 'modified', 'removed', 'moved']),
  /** Where it lay before, of what was moved. */
  from: z.string().min(1).max(4096).optional(),
  /** editor: written as a whole or typed; upload; workspace: nobody announced it, it was found (terminal, VS Code). */
  via: z.enum(['editor', 'upload', 'workspace']),
  /** SHA-256 of the bytes; null where there was or is no file. */
  before: Digest.nullable(),
  after: Digest.nullable(),
  bytes: z.int().min(0),
  binary: z.boolean(),
  additions: z.int().min(0),
  deletions: z.int().min(0),
  /** What changed, in the new file; at most 50. Empty for what is no text, or too large to be compared. */
  lines: z.array(LineSpan).max(50),
  /** The head of a unified diff without context; empty where `lines` is. */
  excerpt: z.string().max(4000),
});
export type FileChange = z.infer<typeof FileChange>;

/** "changed src/app.py lines 3-9", for people and for agents. */
export function editSentence(edit: Pick<FileChange, 'path' | 'change' | 'from' | 'lines' | 'bytes' | 'after'>): string {
  const path = plainPath(edit.path);
  switch (edit.change) {
    case 'added':
      return `added ${path} (${counted(edit.bytes, 'byte')})`;
    case 'removed':
      return `removed ${path}`;
    case 'moved':
      return `moved ${plainPath(edit.from ?? '')} to ${path}`;
    case 'modified':
      return `changed ${path}${lineWords(edit.lines)}`;
  }
}

function lineWords(lines: readonly LineSpan[]): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, 5).map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
  const more = lines.length > shown.length ? ' and more' : '';
  const one = lines.length === 1 && lines[0]?.from === lines[0]?.to;
  return ` ${one ? 'line' : 'lines'} ${shown.join(', ')}${more}`;
}

/** A name with line ends or escapes in it does not speak for itself. */
function plainPath(path: string): string {
  return /[\p{Cc}\p{Cf}"]/u.test(path) ? JSON.stringify(path) : path;
}
