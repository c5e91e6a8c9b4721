import { useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { ideBundleQuery, useFetchIde, useOpenIde } from '../../api/ide.ts';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Failure, Notice } from '../../components/ui/notice.tsx';
import { ProgressBar } from '../../components/ui/progress-bar.tsx';
import { useRunPlace } from '../../place/run-place.ts';

/** VS Code on the run's files: fetched once, started on demand, in a tab of its own. */
export function IdeView({ runId }: { readonly runId: string }) {
  const { place } = useRunPlace();
  const bundle = useQuery(ideBundleQuery);
  const fetching = useFetchIde();
  const opening = useOpenIde(runId);
  const open = (): void => opening.mutate(place.file === undefined ? {} : { file: place.file });
  if (bundle.isPending) return <Skeleton label="Looking for VS Code" />;
  if (bundle.isError)
    return (
      <Failure
        what="VS Code could not be asked for"
        error={bundle.error}
        onRetry={() => void bundle.refetch()}
        className="m-3.5"
      />
    );
  const state = bundle.data;
  if (state.is === 'off')
    return (
      <Blank title="This factory has no VS Code">
        It was started with --no-ide. Terminal, files and changes are there without it.
      </Blank>
    );
  if (state.is === 'fetching')
    return (
      <Blank title="VS Code is being fetched, once for this factory">
        <div className="grid gap-2">
          <ProgressBar label="VS Code is being fetched" value={state.share} />
          <p role="status" className="text-small tabular-nums">
            {state.sentence}
          </p>
        </div>
      </Blank>
    );
  if (state.is === 'absent' || state.is === 'failed')
    return (
      <>
        {state.is === 'failed' && (
          <Notice tone="bad" title="VS Code could not be fetched" className="m-3.5">
            {state.sentence}
          </Notice>
        )}
        <Blank
          title="VS Code on this run’s files"
          action={
            <Button look="primary" busy={fetching.isPending} onClick={() => fetching.mutate()}>
              {state.is === 'failed' ? 'Fetch it again' : 'Fetch VS Code'}
            </Button>
          }
        >
          It is fetched from the package registry when it is first wanted: about 60 MB to load and 180 MB on the disk,
          once for all runs. Nothing else is asked of the internet by it.
        </Blank>
      </>
    );
  return (
    <>
      {opening.isError && (
        <Failure what="VS Code could not be opened" error={opening.error} onRetry={open} className="m-3.5" />
      )}
      <Blank
        title="VS Code on this run’s files"
        action={
          <Button look="primary" busy={opening.isPending} onClick={open}>
            <ExternalLink aria-hidden="true" className="size-4" />
            {opening.isPending ? 'Starting VS Code…' : 'Open VS Code'}
          </Button>
        }
      >
        It runs in the run’s sandbox, beside the agent, and opens in a tab of its own. It saves by itself, and ends
        after an hour without use.
      </Blank>
    </>
  );
}
