import { refuseCommand, type ComparedPath, type RunCommandInput, type RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { restorePreviewQuery, useCommand } from '../api/queries.ts';
import { counted } from '../words/format.ts';
import { Skeleton } from './ui/blank.tsx';
import { Button } from './ui/button.tsx';
import { Dialog } from './ui/dialog.tsx';
import { Failure } from './ui/notice.tsx';
import { Scroll } from './ui/scroll.tsx';

/** What is to come back: all of a checkpoint, some paths of it, or what the last restore took away. */
export interface RestoreWish {
  readonly checkpointId: string;
  readonly paths?: readonly string[];
  readonly undo?: true;
}

/** The wish that takes back the last restore; null when nothing can be taken back now. */
export function undoWish(state: RunState): RestoreWish | null {
  const { lastRestore } = state;
  if (!lastRestore || refuseCommand(state, { do: 'undo-restore' }) !== null) return null;
  return {
    checkpointId: lastRestore.before,
    undo: true,
    ...(lastRestore.paths ? { paths: lastRestore.paths } : {}),
  };
}

interface Props {
  readonly state: RunState;
  readonly wish: RestoreWish | null;
  readonly onClose: () => void;
}

/** Says what a restore will do before it does it. */
export function RestoreDialog({ state, wish, onClose }: Props) {
  return (
    <Dialog
      open={wish !== null}
      onClose={onClose}
      title={wish ? titleOf(wish) : ''}
      description="A checkpoint of the present is made first, so this can be undone. The log, the evidence and the conversation stay."
    >
      {wish && <Preview key={JSON.stringify(wish)} state={state} wish={wish} onClose={onClose} />}
    </Dialog>
  );
}

function Preview({ state, wish, onClose }: Props & { readonly wish: RestoreWish }) {
  const restore = useCommand(state.id);
  const preview = useQuery(restorePreviewQuery(state, wish));
  const refusal = preview.data?.refusal ?? null;
  const { comparison } = preview.data ?? {};
  const total = comparison ? countOf(comparison.totals) : 0;
  return (
    <>
      {preview.isPending && <Skeleton lines={3} label="Comparing with the present" />}
      {preview.isError && (
        <Failure
          what="What would change could not be read"
          error={preview.error}
          onRetry={() => void preview.refetch()}
        />
      )}
      {preview.data && <p className="text-pretty">{preview.data.sentence}</p>}
      {comparison && total === 0 && <p className="mt-2 text-ink-2">The files are the same already.</p>}
      {comparison && total > 0 && (
        <>
          <p className="mt-3 mb-1 font-medium">{counted(total, 'path')} will change</p>
          <Scroll label="Files that change" className="mono max-h-52 rounded-md border border-line px-2.5 py-1.5">
            <ul>
              {comparison.changes.map((item) => (
                <li key={item.path} className="flex gap-2">
                  <span className="flex-1 wrap-anywhere">{item.path}</span>
                  <span className="text-ink-3">{whatHappens(item)}</span>
                </li>
              ))}
            </ul>
          </Scroll>
          {comparison.next !== null && (
            <p className="mt-1 text-small text-ink-3">
              The first {comparison.changes.length} are listed; Compare shows the others.
            </p>
          )}
        </>
      )}
      {refusal && (
        <p role="alert" className="mt-2 text-bad">
          {refusal.message}
        </p>
      )}
      {restore.error && <Failure what="It was not restored" error={restore.error} className="mt-2" />}
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          busy={restore.isPending}
          disabled={refusal !== null}
          onClick={() => restore.mutate(commandOf(wish), { onSuccess: onClose })}
        >
          {wish.undo ? 'Undo the restore' : `Restore ${wish.paths ? nameOf(wish.paths) : wish.checkpointId}`}
        </Button>
      </div>
    </>
  );
}

function titleOf({ checkpointId, paths, undo }: RestoreWish): string {
  if (undo) return 'Undo the last restore?';
  return paths
    ? `Bring ${nameOf(paths)} back as it was at ${checkpointId}?`
    : `Bring the workspace back to ${checkpointId}?`;
}

function nameOf(paths: readonly string[]): string {
  const [only] = paths;
  return paths.length === 1 && only !== undefined
    ? only.slice(only.lastIndexOf('/') + 1)
    : counted(paths.length, 'path');
}

function commandOf({ checkpointId, paths, undo }: RestoreWish): RunCommandInput {
  if (undo) return { do: 'undo-restore' };
  return { do: 'restore', checkpointId, ...(paths ? { paths: [...paths] } : {}) };
}

function countOf(totals: {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly renamed: number;
}): number {
  return totals.added + totals.modified + totals.removed + totals.renamed;
}

function whatHappens({ change, oldPath }: ComparedPath): string {
  switch (change) {
    case 'added':
      return 'comes back';
    case 'modified':
      return 'changes';
    case 'removed':
      return 'goes away';
    case 'renamed':
      return `was ${oldPath ?? 'called otherwise'}`;
  }
}
