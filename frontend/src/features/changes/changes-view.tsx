import { isKept, type RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { changesQuery } from '../../api/queries.ts';
import { CheckpointSelect } from '../../components/checkpoint-select.tsx';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { ReviewTray } from './review/review-tray.tsx';
import { changeSpan, type ChangeSpan } from './span.ts';

const DiffView = lazy(() => import('./diff-view.tsx').then((part) => ({ default: part.DiffView })));

/** What is different between two checkpoints, file by file. */
export function ChangesView({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const span = changeSpan(state, place);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3.5 py-1.5 text-small text-ink-2">
        <label htmlFor="changes-base">Since</label>
        <CheckpointSelect
          id="changes-base"
          state={state}
          value={place.base ?? 'start'}
          also={{ start: 'the start', step: 'the checkpoint before' }}
          onChoose={(base) => go({ base: base === 'start' ? undefined : base, file: undefined })}
          className="flex-1 wide:max-w-52"
        />
        <label htmlFor="changes-to" className="shrink-0">
          up to
        </label>
        <CheckpointSelect
          id="changes-to"
          state={state}
          value={place.ck ?? ''}
          onChoose={(ck) => go({ ck: ck || undefined, file: undefined })}
          className="flex-1 wide:max-w-52"
        />
      </div>
      {span === null ? (
        <Same state={state} />
      ) : isKept(state, span.from) && isKept(state, span.to) ? (
        <Changed state={state} span={span} />
      ) : (
        <Gone state={state} />
      )}
      <ReviewTray state={state} />
    </div>
  );
}

function Gone({ state }: { readonly state: RunState }) {
  const kept = state.archived?.kept ?? [];
  return (
    <Blank title="These files went when the run was archived">
      {kept.length > 1
        ? `Kept, and still to be compared: ${kept.join(', ')}.`
        : 'Only pinned checkpoints are kept; log and evidence are all there.'}
    </Blank>
  );
}

function Same({ state }: { readonly state: RunState }) {
  if (state.checkpoints.length > 1)
    return <Blank title="Both sides are the same checkpoint">Choose another one to compare with.</Blank>;
  return (
    <Blank title="No changes yet">Each step that changes files makes a checkpoint; the difference shows here.</Blank>
  );
}

function Changed({ state, span }: { readonly state: RunState; readonly span: ChangeSpan }) {
  const list = useQuery(changesQuery(state.id, span));
  if (list.isError)
    return (
      <Failure
        what="The changes could not be read"
        error={list.error}
        onRetry={() => void list.refetch()}
        className="m-3.5"
      />
    );
  if (list.isPending) return <Skeleton lines={5} label="Reading the changes" />;
  if (list.data.changes.length === 0) return <Blank title={`Nothing differs between ${span.from} and ${span.to}`} />;
  return (
    <Suspense fallback={<Skeleton lines={8} label="Reading the changes" />}>
      <DiffView key={`${span.from}-${span.to}`} state={state} span={span} changes={list.data.changes} />
    </Suspense>
  );
}
