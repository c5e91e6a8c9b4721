import { createHash } from 'node:crypto';
import type { FileChange, LineSpan } from '@devfactory/contracts';
import { structuredPatch, type StructuredPatchHunk } from 'diff';
import { decodeText } from '../checkpoints/index.ts';
import { cutHead } from '../text/cut-text.ts';

/** Bytes of a file before and after; null where there was or is none. */
export interface EditSides {
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

const comparableBytes = 2_000_000;
const excerptCharacters = 3000;
const mostSpans = 50;
/** The file is a stranger's: comparing may not hold up everyone else. */
const patience = { timeout: 300, maxEditLength: 5000 };

/** What a person's change of a file was, in as much detail as an event holds. Large and binary files are told by their hash. */
export function describeEdit({ before, after }: EditSides): Omit<FileChange, 'path' | 'from' | 'via'> {
  const texts = [before, after].map((bytes) => textOf(bytes));
  const [a, b] = texts;
  const hunks = typeof a === 'string' && typeof b === 'string' ? hunksOf(a, b) : [];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    change: before === null ? 'added' : after === null ? 'removed' : 'modified',
    before: before && digestOf(before),
    after: after && digestOf(after),
    bytes: after?.length ?? 0,
    binary: texts.includes(null),
    additions: lines.filter((line) => line.startsWith('+')).length,
    deletions: lines.filter((line) => line.startsWith('-')).length,
    lines: after === null ? [] : hunks.slice(0, mostSpans).map(spanOf),
    excerpt: excerptOf(hunks),
  };
}

/** Undefined for what is too large to be compared, null for what is no text. */
function textOf(bytes: Uint8Array | null): string | null | undefined {
  if (bytes === null) return '';
  return bytes.length > comparableBytes ? undefined : decodeText(bytes);
}

function hunksOf(a: string, b: string): StructuredPatchHunk[] {
  return structuredPatch('a', 'b', a, b, undefined, undefined, { context: 0, ...patience })?.hunks ?? [];
}

/** Where only lines were taken away, the line before the gap. */
function spanOf({ newStart, newLines }: StructuredPatchHunk): LineSpan {
  const from = Math.max(1, newLines === 0 ? newStart - 1 : newStart);
  return { from, to: Math.max(from, newStart + newLines - 1) };
}

/** Cut by characters, because a line may be a megabyte. */
function excerptOf(hunks: readonly StructuredPatchHunk[]): string {
  let text = '';
  for (const { oldStart, oldLines, newStart, newLines, lines } of hunks) {
    if (text.length > excerptCharacters) break;
    const head = `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`;
    text += [head, ...lines.slice(0, excerptCharacters).map((line) => line.slice(0, excerptCharacters))].join('\n');
    text += '\n';
  }
  return cutHead(text, excerptCharacters).replaceAll('\0', '\uFFFD');
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
