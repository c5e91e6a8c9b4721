import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { isMissing, isSignedOut } from '../api/query-client.ts';
import { useRun } from '../api/use-run.ts';
import { Skeleton } from '../components/ui/blank.tsx';
import { Failure } from '../components/ui/notice.tsx';
import { RunMissing } from './run-missing.tsx';
import { RunPage } from './run-page.tsx';

const route = getRouteApi('/runs/$runId');

export function RunRoute(): ReactElement {
  const { runId } = route.useParams();
  const run = useRun(runId);
  if (run.state) return <RunPage run={run} state={run.state} key={runId} />;
  if (isMissing(run.error)) return <RunMissing runId={runId} />;
  if (isSignedOut(run.error)) return <RunMissing runId={runId} signedOut />;
  if (run.error)
    return (
      <div className="mx-auto max-w-[640px] p-5">
        <Failure what={`Run ${runId} could not be read`} error={run.error} onRetry={run.retry} />
      </div>
    );
  return <Skeleton lines={6} label="Reading the run" />;
}
