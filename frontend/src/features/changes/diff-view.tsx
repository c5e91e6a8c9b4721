import { ApiError, type FilePatch, type Span } from '@devfactory/client';
import { refuseCommand, type ChangedPath, type RunState } from '@devfactory/contracts';
import { useMemo, useRef, useState } from 'react';
import { useOpenIde } from '../../api/ide.ts';
import { useKept } from '../../components/kept.ts';
import { RestoreDialog } from '../../components/restore-dialog.tsx';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { useWidth } from '../../components/use-width.ts';
import { useRunPlace } from '../../place/run-place.ts';
import { counted } from '../../words/format.ts';
import { ChangedFiles } from './changed-files.tsx';
import { DiffLines, type DiffLinesHandle } from './diff-lines.tsx';
import { SplitLine, UnifiedLine } from './diff-row.tsx';
import type { DiffRow } from './diff-rows.ts';
import { DiffTools } from './diff-tools.tsx';
import { FileHead } from './file-head.tsx';
import { parsePatch, type PatchLine } from './parse-patch.ts';
import { PictureDiff } from './picture-diff.tsx';
import { CommentCard } from './review/comment-card.tsx';
import { placeOf, quoteOf, withComments, type Place } from './review/place-comments.ts';
import { WriteComment } from './review/write-comment.tsx';
import { useDiff } from './use-diff.ts';

interface Props {
  readonly state: RunState;
  readonly span: Span;
  readonly changes: readonly ChangedPath[];
}

/** From here on the list of files stands beside the lines, and two sides fit beside each other. */
const broad = 780;

/** It has to be fetched first, or is not wanted here: its own place says so. */
function isMissingIde(error: Error): boolean {
  return error instanceof ApiError && ['ide_absent', 'ide_off'].includes(error.code);
}

/** The line that one wants to see first. */
function firstChange(patch: FilePatch | undefined): number {
  const lines = patch?.patch ? parsePatch(patch.patch) : [];
  return lines.find(({ kind }) => kind === 'added')?.after ?? 1;
}

/** A difference, all files of it. */
export function DiffView({ state, span, changes: unsorted }: Props) {
  const runId = state.id;
  const { place, go } = useRunPlace();
  const [restoring, setRestoring] = useState<string | null>(null);
  const changes = useMemo(() => unsorted.toSorted(byFolder), [unsorted]);
  const [room, width] = useWidth<HTMLDivElement>();
  const [wrap, setWrap] = useKept('wrap', ['yes', 'no'], () =>
    window.matchMedia('(width < 900px)').matches ? 'yes' : 'no',
  );
  const [spaces, setSpaces] = useKept('spaces', ['all', 'calm'], () => 'all');
  const [chosen, setLayout] = useKept('diff', ['unified', 'split'], () => 'unified');
  const layout = width >= broad ? chosen : 'unified';
  const diff = useDiff(runId, span, { changes, layout, calm: spaces === 'calm', asked: place.file });
  const lines = useRef<DiffLinesHandle>(null);
  const file = changes.findIndex((changed) => changed.path === place.file);
  const { files } = diff;
  const paths = useMemo(() => files.map(({ changed }) => changed.path), [files]);
  const [writing, setWriting] = useState<Place | null>(null);
  const { comments } = state;
  const rows = useMemo(
    () => withComments(diff.rows, paths, { comments, span, writing }),
    [diff.rows, paths, comments, span, writing],
  );

  const ide = useOpenIde(runId);
  const openIde = (path: string, line: number): void =>
    ide.mutate({ file: path, line }, { onError: (error) => isMissingIde(error) && go({ view: 'ide', file: path }) });
  const restorable =
    span.to === state.head && refuseCommand(state, { do: 'restore', checkpointId: span.from }) === null;
  const head = (at: number) => {
    const changed = files[at]?.changed;
    if (!changed) return null;
    return (
      <FileHead
        changed={changed}
        closed={files[at]?.closed ?? false}
        viewed={diff.isViewed(changed)}
        onClosed={(closed) => diff.setClosed(changed.path, closed)}
        onViewed={(viewed) => diff.setViewed(changed, viewed)}
        onUnfold={() => diff.unfold(changed.path, 'all')}
        onOpen={() => go({ view: 'files', ck: span.to, file: changed.path })}
        onIde={() => openIde(changed.path, firstChange(files[at]?.patch))}
        onRestore={
          restorable
            ? {
                label: `Restore ${changed.path} as it was at ${span.from}`,
                act: () => setRestoring(changed.path),
              }
            : undefined
        }
      />
    );
  };
  const row = (item: DiffRow, { here, moving }: { readonly here: boolean; readonly moving: boolean }) => {
    const changed = files[item.file]?.changed;
    if (!changed) return null;
    const source = {
      runId,
      span,
      changed,
      moving,
      openAt: (line: number) => openIde(changed.path, line),
      onComment: (line: PatchLine, side: Place['side'], extend: boolean) => {
        const number = (side === 'new' ? line.after : line.before) ?? 1;
        const from =
          extend && writing?.path === changed.path && writing.side === side
            ? Math.min(writing.lines.from, number)
            : number;
        const to =
          extend && writing?.path === changed.path && writing.side === side
            ? Math.max(writing.lines.to, number)
            : number;
        setWriting({ path: changed.path, side, lines: { from, to } });
      },
    };
    switch (item.kind) {
      case 'file':
        return head(item.file);
      case 'line':
        return <UnifiedLine row={item} source={source} wrap={wrap === 'yes'} here={here} />;
      case 'pair':
        return <SplitLine row={item} source={source} here={here} />;
      case 'fold':
        return <Fold row={item} onOpen={() => diff.unfold(changed.path, item.gap)} />;
      case 'comment': {
        const comment = comments.find(({ id }) => id === item.id);
        return (
          comment && (
            <div className="sticky left-0 max-w-[min(680px,calc(100vw-40px))] px-4 py-1.5">
              <CommentCard runId={runId} comment={comment} standing={null} />
            </div>
          )
        );
      }
      case 'write':
        return (
          writing && (
            <WriteComment
              runId={runId}
              place={writing}
              onPlace={setWriting}
              commentAt={(place) => ({
                path: place.path,
                side: place.side,
                lines: place.lines,
                checkpointId: place.side === 'new' ? span.to : span.from,
                quote: quoteOf(diff.rows, paths, place),
              })}
              onIde={writing.side === 'new' ? () => openIde(changed.path, writing.lines.from) : null}
              onClose={() => setWriting(null)}
            />
          )
        );
      case 'picture':
        return <PictureDiff runId={runId} span={span} changed={changed} />;
      case 'note':
        return <p className="px-4 py-1 font-sans text-small text-ink-3">{item.words}</p>;
      case 'wait':
        return <Skeleton lines={4} label={`Reading ${changed.path}`} />;
      case 'failure':
        return (
          <Failure
            what={`What differs in ${changed.path} could not be read`}
            error={diff.errorOf(changed.path)}
            onRetry={() => diff.retry(changed.path)}
            className="m-3 font-sans"
          />
        );
    }
  };
  const list = (className: string) => (
    <ChangedFiles
      changes={changes}
      chosen={place.file}
      isViewed={diff.isViewed}
      onChoose={(path) => {
        diff.setClosed(path, false);
        go({ file: path });
      }}
      className={className}
    />
  );
  return (
    <div ref={room} className="flex min-h-0 flex-1 flex-col">
      {ide.isError && !isMissingIde(ide.error) && (
        <Failure what="VS Code could not be opened" error={ide.error} className="m-3 font-sans" />
      )}
      <DiffTools
        changes={changes}
        viewed={changes.filter(diff.isViewed).length}
        layout={layout}
        onLayout={(next) => {
          setLayout(next);
          if (next === 'split' && width < broad) go({ wide: true });
        }}
        wrap={wrap === 'yes'}
        onWrap={(next) => setWrap(next ? 'yes' : 'no')}
        calm={spaces === 'calm'}
        onCalm={(next) => setSpaces(next ? 'calm' : 'all')}
        onJump={(by) => lines.current?.jump(by)}
      />
      {width >= broad ? null : list('max-h-[26%] shrink-0 border-b border-line')}
      <div className="flex min-h-0 flex-1">
        {width >= broad && list('w-64 shrink-0 border-r border-line')}
        <DiffLines
          ref={lines}
          rows={rows}
          label={`Differences, ${span.from} to ${span.to}`}
          columns={wrap === 'yes' || layout === 'split' ? 0 : diff.columns}
          file={file}
          onFile={(at) => go({ file: changes[at]?.path }, { replace: true })}
          onKey={(key, on) => {
            const changed = files[on.file]?.changed;
            if (key === 'm' && changed) {
              const place = placeOf(on.row ?? firstLine(diff.rows, on.file), changed.path);
              if (place) setWriting(place);
              return place !== null;
            }
            if (key !== 'v' || !changed) return false;
            diff.setViewed(changed, !diff.isViewed(changed));
            return true;
          }}
          head={head}
          row={row}
          end={diff.unread > 0 && <Skeleton lines={5} label={`Reading ${counted(diff.unread, 'more file')}`} />}
        />
      </div>
      <RestoreDialog
        state={state}
        wish={restoring === null ? null : { checkpointId: span.from, paths: [restoring] }}
        onClose={() => setRestoring(null)}
      />
    </div>
  );
}

/** What a comment is on when no change was gone to yet. */
function firstLine(rows: readonly DiffRow[], file: number): DiffRow {
  const row = rows.find((item) => item.file === file && (item.kind === 'line' || item.kind === 'pair'));
  return row ?? { kind: 'wait', file, key: '' };
}

function Fold({
  row: { hidden, label },
  onOpen,
}: {
  readonly row: Extract<DiffRow, { kind: 'fold' }>;
  readonly onOpen: () => void;
}) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex min-h-6 w-full items-center gap-3 bg-sunk px-4 text-left text-ink-3 -outline-offset-2 hover:text-ink"
    >
      <span aria-hidden="true">⋯</span>
      <span className="font-sans text-small">Show {counted(hidden, 'line')}</span>
      <span className="min-w-0 truncate">{label}</span>
    </button>
  );
}

/** Files of a folder together, those of the root first. */
function byFolder(a: ChangedPath, b: ChangedPath): number {
  const folder = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return folder(a.path).localeCompare(folder(b.path), 'en') || a.path.localeCompare(b.path, 'en');
}
