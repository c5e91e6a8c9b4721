import type { Span } from '@devfactory/client';
import type { ChangedPath } from '@devfactory/contracts';
import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { fileQuery } from '../../api/queries.ts';
import { widestLine } from '../../components/code/code-lines.tsx';
import { fileRows, type DiffFile, type DiffRow } from './diff-rows.ts';
import { isPicture } from './is-picture.ts';
import { usePatches } from './use-patches.ts';
import { useViewed } from './use-viewed.ts';

/** More changed lines than a person reads at once: such a file begins closed, and so do those behind very many. */
const large = 2000;
const many = 300;

/** A difference as it is looked at: what is open, what is ticked, and the rows that come of it. */
export interface Diff {
  readonly files: readonly DiffFile[];
  readonly rows: readonly DiffRow[];
  /** Columns that the longest line takes. */
  readonly columns: number;
  /** Files that are still to be read. Rows of a file come only after those of all files before it, so nothing moves. */
  readonly unread: number;
  readonly isViewed: (changed: ChangedPath) => boolean;
  readonly setViewed: (changed: ChangedPath, viewed: boolean) => void;
  readonly setClosed: (path: string, closed: boolean) => void;
  readonly unfold: (path: string, gap: number | 'all') => void;
  readonly errorOf: (path: string) => unknown;
  readonly retry: (path: string) => void;
}

export function useDiff(
  runId: string,
  span: Span,
  {
    changes,
    layout,
    calm,
    asked,
  }: { changes: readonly ChangedPath[]; layout: 'unified' | 'split'; calm: boolean; asked: string | undefined },
): Diff {
  const { isViewed, setViewed } = useViewed();
  const [byHand, setByHand] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [unfolded, setUnfolded] = useState<ReadonlyMap<string, DiffFile['open']>>(new Map());
  const [rowsOf] = useState(createRowCache);
  // A link opens its file; files that are only scrolled past stay as they are.
  const [linked] = useState(asked);
  const isClosed = (changed: ChangedPath, place: number): boolean =>
    byHand.get(changed.path) ??
    (changed.path !== linked && (place >= many || isViewed(changed) || !worthReading(changed)));
  const open = changes.filter((changed, place) => !isClosed(changed, place)).map(({ path }) => path);
  const { patchOf, failed, retry } = usePatches(runId, span, open);
  const wholes = useWholes(runId, span, [...unfolded.keys()]);
  const files = changes.map((changed, place): DiffFile => {
    const { path } = changed;
    return {
      changed,
      closed: isClosed(changed, place),
      patch: patchOf(path),
      failed: failed(path) !== null,
      whole: wholes.get(path),
      open: unfolded.get(path) ?? none,
      calm,
    };
  });
  const reading = files.findIndex((file) => !file.closed && !file.patch && !file.failed);
  const shown = reading < 0 ? files : files.slice(0, reading);
  const { rows, columns } = rowsOf(shown, layout);
  return {
    files,
    rows,
    columns,
    unread: files.length - shown.length,
    isViewed,
    setViewed: (changed, viewed) => {
      setViewed(changed, viewed);
      setByHand((now) => new Map(now).set(changed.path, viewed));
    },
    setClosed: (path, closed) => setByHand((now) => new Map(now).set(path, closed)),
    unfold: (path, gap) =>
      setUnfolded((now) => {
        const before = now.get(path) ?? none;
        return new Map(now).set(path, gap === 'all' || before === 'all' ? 'all' : new Set([...before, gap]));
      }),
    errorOf: failed,
    retry,
  };
}

const none: ReadonlySet<number> = new Set();

/** Lines of the newer side of those files of which more than the patch was asked for. */
function useWholes(runId: string, span: Span, paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const results = useQueries({ queries: paths.map((path) => fileQuery(runId, span.to, path)) });
  const texts = results.map((result) => result.data?.text ?? null);
  const key = texts.map((text) => text?.length ?? -1).join();
  return useMemo(
    () => new Map(paths.flatMap((path, index) => (texts[index] ? [[path, linesOf(texts[index])] as const] : []))),
    // A text of a checkpoint never changes, so that one of them came in shows in their lengths.
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- because paths and texts are new arrays at each render.
    [key],
  );
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

interface Made {
  readonly rows: readonly DiffRow[];
  readonly columns: number;
}

/** Rows of a file are made once and kept until something about it is different. */
function createRowCache(): (files: readonly DiffFile[], layout: 'unified' | 'split') => Made {
  let kept = new Map<string, Made & { file: DiffFile; place: number; layout: string }>();
  let all: Made = { rows: [], columns: 0 };
  return (files, layout) => {
    const next: typeof kept = new Map();
    let same = files.length === kept.size;
    for (const [place, file] of files.entries()) {
      const known = kept.get(file.changed.path);
      const stands = known?.place === place && known.layout === layout && isSame(known.file, file);
      same &&= stands;
      next.set(file.changed.path, stands ? known : { file, place, layout, ...made(file, place, layout) });
    }
    kept = next;
    const parts = [...next.values()];
    if (!same)
      all = {
        rows: parts.flatMap((part) => part.rows),
        columns: parts.reduce((most, part) => Math.max(most, part.columns), 0),
      };
    return all;
  };
}

function made(file: DiffFile, place: number, layout: 'unified' | 'split'): Made {
  const rows = fileRows(file, place, layout);
  return { rows, columns: widestLine(rows.map((row) => (row.kind === 'line' ? row.line.text : ''))) };
}

function isSame(a: DiffFile, b: DiffFile): boolean {
  return (
    a.changed === b.changed &&
    a.closed === b.closed &&
    a.patch === b.patch &&
    a.failed === b.failed &&
    a.whole === b.whole &&
    a.calm === b.calm &&
    a.open === b.open
  );
}

/** Opened at first: something a person wrote or reads, not a lock file, a dot file, a picture, or what was taken away whole. */
function worthReading({ path, binary, change, additions, deletions }: ChangedPath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    (!binary || isPicture(path)) &&
    change !== 'removed' &&
    additions + deletions <= large &&
    !name.startsWith('.') &&
    !/^licen[cs]e/i.test(name) &&
    !/(?:^|[.-])lock(?:\.|$)/i.test(name)
  );
}
