import type { Span } from '@devfactory/client';
import type { ChangedPath } from '@devfactory/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fileQuery } from '../../api/queries.ts';
import { CodeText } from '../../components/code/code-text.tsx';
import type { Piece } from '../../components/code/ink.ts';
import { useTint } from '../../components/code/use-tint.ts';
import type { DiffRow } from './diff-rows.ts';
import type { PatchLine } from './parse-patch.ts';
import { wordChanges } from './word-changes.ts';

/** Where a line's whole text is, for its inks. */
export interface LineSource {
  readonly runId: string;
  readonly span: Span;
  readonly changed: ChangedPath;
  /** While the list moves nothing is read for it. */
  readonly moving: boolean;
  /** Opens VS Code at a line as it is now. */
  readonly openAt: (line: number) => void;
  /** Someone chose this line to say something about it; `extend`: together with those they chose before. */
  readonly onComment: (line: PatchLine, side: 'old' | 'new', extend: boolean) => void;
}

const washes: Record<PatchLine['kind'], string> = {
  same: '',
  added: 'bg-added',
  removed: 'bg-removed',
  hunk: '',
  note: '',
};
const number = 'w-11 shrink-0 pr-2 text-right text-ink-3 select-none before:content-[attr(data-number)]';

const cursor = 'relative before:absolute before:inset-y-0 before:left-0 before:w-[3px] before:bg-accent';

type LineRow = Extract<DiffRow, { kind: 'line' }>;

/** A line with both its numbers; on a narrow screen with the one that it has now. */
export function UnifiedLine({
  row: { line, twin },
  source,
  wrap,
  here,
}: {
  readonly row: LineRow;
  readonly source: LineSource;
  readonly wrap: boolean;
  readonly here: boolean;
}) {
  const marks = useMarks(line.kind === 'removed' ? line : twin, line.kind === 'removed' ? twin : line);
  return (
    <div className={`flex ${washes[line.kind]} ${here ? cursor : ''}`}>
      <LineNumber line={line} side="old" source={source} className="max-wide:hidden" />
      <LineNumber line={line} side="new" source={source} className="max-wide:hidden" />
      <LineNumber line={line} side={line.after === null ? 'old' : 'new'} source={source} className="wide:hidden" />
      <Code line={line} side={line.kind === 'removed' ? 'before' : 'after'} source={source} marks={marks} wrap={wrap} />
    </div>
  );
}

type PairRow = Extract<DiffRow, { kind: 'pair' }>;

/** What was on the left, what is on the right. */
export function SplitLine({
  row: { before, after },
  source,
  here,
}: {
  readonly row: PairRow;
  readonly source: LineSource;
  readonly here: boolean;
}) {
  const marks = useMarks(before === after ? null : before, before === after ? null : after);
  return (
    <div className={`grid grid-cols-2 ${here ? cursor : ''}`}>
      {([before, after] as const).map((line, index) => (
        <div
          key={index}
          className={`flex min-w-0 ${index === 1 ? 'border-l border-line' : ''} ${line ? washes[line.kind] : 'bg-sunk'}`}
        >
          {line && (
            <>
              <LineNumber line={line} side={index === 0 ? 'old' : 'new'} source={source} />
              <Code line={line} side={index === 0 ? 'before' : 'after'} source={source} marks={marks} wrap />
            </>
          )}
        </div>
      ))}
    </div>
  );
}

/**
 * A line's number, and by mouse or touch the way to say something about it. No stop of the Tab key, for there are thousands: from the
 * keyboard it is a letter in the list.
 */
function LineNumber({
  line,
  side,
  source,
  className = '',
}: {
  readonly line: PatchLine;
  readonly side: 'old' | 'new';
  readonly source: LineSource;
  readonly className?: string;
}) {
  const value = side === 'old' ? line.before : line.after;
  if (value === null) return <span aria-hidden="true" className={`${number} ${className}`} />;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`Comment on line ${value}`}
      title={side === 'new' ? 'Comment on this line; with Ctrl or ⌘, open it in VS Code' : 'Comment on this line'}
      onClick={(event) => {
        if (side === 'new' && (event.ctrlKey || event.metaKey)) source.openAt(value);
        else source.onComment(line, side, event.shiftKey);
      }}
      className={`${number} hover:bg-accent-wash hover:text-accent ${className}`}
      data-number={value}
    />
  );
}

interface CodeProps {
  readonly line: PatchLine;
  readonly side: 'before' | 'after';
  readonly source: LineSource;
  readonly marks: ReturnType<typeof wordChanges>;
  readonly wrap: boolean;
}

function Code({ line, side, source, marks, wrap }: CodeProps) {
  const pieces = usePieces(line, side, source);
  const Text = line.kind === 'added' ? 'ins' : line.kind === 'removed' ? 'del' : 'span';
  const sign = { added: '+', removed: '−' }[line.kind as 'added' | 'removed'] ?? '';
  return (
    <>
      <span
        {...(sign === '' ? { 'aria-hidden': true } : spoken(line))}
        data-sign={sign}
        className={`w-4 shrink-0 select-none before:content-[attr(data-sign)] ${line.kind === 'added' ? 'text-ok' : 'text-bad'}`}
      />
      <Text className={`pr-3 no-underline ${wrap ? 'min-w-0 wrap-anywhere whitespace-pre-wrap' : 'whitespace-pre'}`}>
        <CodeText
          line={line.text}
          pieces={pieces}
          marks={line.kind === 'same' ? undefined : marks?.[side]}
          mark={`rounded-[2px] !text-ink ${line.kind === 'added' ? 'bg-added-mark' : 'bg-removed-mark'}`}
        />
      </Text>
    </>
  );
}

/** Colour and sign in words, for who hears the page. */
function spoken(line: PatchLine): { readonly role: 'img'; readonly 'aria-label': string } {
  return { role: 'img', 'aria-label': `line ${line.after ?? line.before ?? ''} ${line.kind}` };
}

function useMarks(before: PatchLine | null, after: PatchLine | null): ReturnType<typeof wordChanges> {
  const [gone, come] = [before?.text, after?.text];
  return useMemo(() => (gone === undefined || come === undefined ? null : wordChanges(gone, come)), [gone, come]);
}

/** A line's inks, from its side's whole text: a line alone does not know that it is inside a comment. */
function usePieces(line: PatchLine, side: 'before' | 'after', source: LineSource): readonly Piece[] | undefined {
  const queries = useQueryClient();
  const { runId, span, changed, moving } = source;
  const digest = changed[side];
  const read = async (): Promise<string | null> =>
    (await queries.fetchQuery(fileQuery(runId, side === 'before' ? span.from : span.to, changed.path))).text;
  const lines = useTint(digest === null ? null : { key: [digest], path: changed.path, read }, { wait: moving });
  return lines?.[(line[side] ?? 0) - 1];
}
