import type { LineSpan } from '../file-change.ts';
import type { EditRecord, RunState } from '../state.ts';
import { resumed, type FoldsOf } from './fold-parts.ts';

/** What agents were told of long ago is in the log and nowhere else. */
const mostEdits = 200;
const mostSpans = 50;

/** What people change in the workspace themselves. */
export const fileFolds: FoldsOf<'file'> = {
  'file.changed': (state, change, { seq, actor, at }) => {
    const { excerpt: _excerpt, before: _before, binary: _binary, ...seen } = change;
    const edit: EditRecord = { ...seen, seq, by: actor, at, deliveredAt: null, kept: false };
    return {
      edits: shortened(merged(state.edits, edit)),
      // A result that waits for a review, or that was delivered, is another one now.
      ...(state.stage.name === 'waiting' && state.stage.for !== 'review' ? {} : { stage: resumed(state) }),
    };
  },
  'file.kept': (state, { upTo }) => ({
    edits: state.edits.map((edit) => (edit.seq <= upTo ? { ...edit, kept: true } : edit)),
  }),
};

/** Saving a file again and again is one change to whoever was not told of the first. */
function merged(edits: RunState['edits'], edit: EditRecord): RunState['edits'] {
  const last = edits.findLast(({ path }) => path === edit.path);
  const together =
    last !== undefined && last.deliveredAt === null && edit.change === 'modified' && last.change !== 'removed';
  if (!together) return [...edits, edit];
  const change = last.change === 'moved' ? 'modified' : last.change;
  const one = { ...edit, change, lines: mergedLines(last.lines, edit.lines) };
  return [...edits.filter((item) => item !== last || last.change === 'moved'), one];
}

function mergedLines(a: readonly LineSpan[], b: readonly LineSpan[]): LineSpan[] {
  const spans: LineSpan[] = [];
  for (const span of [...a, ...b].toSorted((x, y) => x.from - y.from)) {
    const last = spans.at(-1);
    if (last && span.from <= last.to + 1) spans[spans.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else spans.push(span);
  }
  return spans.slice(0, mostSpans);
}

function shortened(edits: RunState['edits']): RunState['edits'] {
  if (edits.length <= mostEdits) return edits;
  const old = edits.find((edit) => edit.deliveredAt !== null && edit.kept);
  return old ? edits.filter((edit) => edit !== old) : edits;
}
