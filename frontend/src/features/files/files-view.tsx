import { isKept, type RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useMemo, useState, type ComponentType } from 'react';
import { Virtualizer } from 'virtua';
import { fileQuery, filesQuery } from '../../api/queries.ts';
import { CheckpointSelect } from '../../components/checkpoint-select.tsx';
import { CodeLines } from '../../components/code/code-lines.tsx';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { bytes, counted } from '../../words/format.ts';
import { treeRows, type TreeRow } from './file-tree.ts';
import { NewFile } from './new-file.tsx';
import { RestoreFile } from './restore-file.tsx';

/** The source tree of a checkpoint: what is verified and delivered. The newest can be changed. */
export function FilesView({
  state,
  Editor,
}: {
  readonly state: RunState;
  /** What a file is edited in; from outside, since a feature knows no other. */
  readonly Editor: ComponentType<{ readonly state: RunState; readonly path: string }>;
}) {
  const { place, go } = useRunPlace();
  const checkpoint = place.ck ?? state.head;
  if (checkpoint === null)
    return <Blank title="No files yet">The first checkpoint is made before the first step.</Blank>;
  const editable = place.ck === undefined && canEdit(state);
  if (editable && place.edit && place.file !== undefined)
    return <Editor key={place.file} state={state} path={place.file} />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-1.5 text-small text-ink-2">
        <label htmlFor="files-at">Source tree at</label>
        <CheckpointSelect
          id="files-at"
          state={state}
          value={place.ck ?? ''}
          onChoose={(ck) => go({ ck: ck || undefined })}
        />
        {editable && place.file === undefined && <NewFile state={state} />}
      </div>
      {!isKept(state, checkpoint) ? (
        <Blank title="These files went when the run was archived">
          Only pinned checkpoints are kept; log and evidence are all there.
        </Blank>
      ) : place.file === undefined ? (
        <Tree runId={state.id} checkpoint={checkpoint} />
      ) : (
        <Content state={state} checkpoint={checkpoint} path={place.file} />
      )}
    </div>
  );
}

function Tree({ runId, checkpoint }: { readonly runId: string; readonly checkpoint: string }) {
  const { go } = useRunPlace();
  const files = useQuery({ ...filesQuery(runId, checkpoint), placeholderData: (old) => old });
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => treeRows(files.data?.entries ?? [], closed), [files.data, closed]);
  const toggle = (path: string): void =>
    setClosed((now) => new Set(now.has(path) ? [...now].filter((item) => item !== path) : [...now, path]));
  if (files.isError)
    return (
      <Failure
        what="The files could not be read"
        error={files.error}
        onRetry={() => void files.refetch()}
        className="m-3.5"
      />
    );
  if (files.isPending) return <Skeleton lines={6} label="Reading the files" />;
  if (rows.length === 0) return <Blank title="This source tree is empty" />;
  return (
    <>
      <Scroll label={`Files at ${checkpoint}`} className="min-h-0 flex-1 px-1.5 py-1.5">
        <Virtualizer data={rows} itemSize={28} as="ul" item="li">
          {(row) => (
            <TreeItem
              key={row.path}
              row={row}
              open={!closed.has(row.path)}
              onOpen={() => (row.folder ? toggle(row.path) : go({ file: row.path }))}
            />
          )}
        </Virtualizer>
      </Scroll>
      <p className="border-t border-line px-3.5 py-1 text-small text-ink-3">
        {counted(files.data.entries.filter((entry) => entry.type !== 'directory').length, 'file')}
        {files.data.truncated && ', the list is cut'}. Ignored files and re-creatable caches are not part of it.
      </p>
    </>
  );
}

function TreeItem({
  row,
  open,
  onOpen,
}: {
  readonly row: TreeRow;
  readonly open: boolean;
  readonly onOpen: () => void;
}) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-expanded={row.folder ? open : undefined}
      style={{ paddingLeft: 8 + row.depth * 16 }}
      className="flex min-h-[28px] w-full items-center gap-1.5 rounded-md pr-2 text-left hover:bg-sunk"
    >
      <ChevronRight
        aria-hidden="true"
        className={`size-3 shrink-0 text-ink-3 ${row.folder ? (open ? 'rotate-90' : '') : 'opacity-0'}`}
      />
      <span className={`mono min-w-0 flex-1 truncate ${row.folder ? 'text-ink-2' : ''}`}>
        {row.name}
        {row.folder && '/'}
      </span>
      {!row.folder && <span className="text-small text-ink-3">{bytes(row.size)}</span>}
    </button>
  );
}

function Content({
  state,
  checkpoint,
  path,
}: {
  readonly state: RunState;
  readonly checkpoint: string;
  readonly path: string;
}) {
  const runId = state.id;
  const { go } = useRunPlace();
  const file = useQuery(fileQuery(runId, checkpoint, path));
  return (
    <>
      <div className="flex items-center gap-2 border-b border-line bg-panel px-2 py-1">
        <Button look="quiet" onClick={() => go({ file: undefined })}>
          ← All files
        </Button>
        <span title={path} className="mono min-w-0 flex-1 truncate">
          {path}
        </span>
        {file.data && <span className="text-small text-ink-3">{bytes(file.data.size)}</span>}
        {checkpoint === state.head && canEdit(state) && (
          <Button onClick={() => go({ edit: true, ck: undefined })}>Edit</Button>
        )}
        {file.data && <RestoreFile state={state} checkpoint={checkpoint} path={path} />}
      </div>
      {file.isError && (
        <Failure
          what={`${path} could not be read at ${checkpoint}`}
          error={file.error}
          onRetry={() => void file.refetch()}
          className="m-3.5"
        />
      )}
      {file.isPending && <Skeleton lines={8} label="Reading the file" />}
      {file.data &&
        (file.data.text === null ? (
          <Blank title="Not shown as text">This file is binary.</Blank>
        ) : file.data.text === '' ? (
          <Blank title="This file is empty" />
        ) : (
          <CodeLines
            path={path}
            source={`${runId} ${checkpoint}`}
            text={file.data.text}
            label={`${path} at ${checkpoint}`}
          />
        ))}
      {file.data?.truncated && (
        <p className="border-t border-line px-3.5 py-1 text-small text-ink-3">
          The file is large; its first part is shown.
        </p>
      )}
    </>
  );
}

/** The same that the server would refuse. */
function canEdit(state: RunState): boolean {
  return state.archived === null && state.stage.name !== 'cancelled';
}
