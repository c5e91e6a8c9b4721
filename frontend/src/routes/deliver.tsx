import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { isMissing, isSignedOut } from '../api/query-client.ts';
import { useRun } from '../api/use-run.ts';
import { Skeleton } from '../components/ui/blank.tsx';
import { Failure } from '../components/ui/notice.tsx';
import { DeliverPage } from '../features/delivery/deliver-page.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { RunMissing } from './run-missing.tsx';

const route = getRouteApi('/runs/$runId/deliver');

export function DeliverRoute(): ReactElement {
  const { runId } = route.useParams();
  const run = useRun(runId);
  if (isMissing(run.error)) return <RunMissing runId={runId} />;
  if (isSignedOut(run.error)) return <RunMissing runId={runId} signedOut />;
  if (!run.state) {
    return run.error ? (
      <div className="mx-auto max-w-[640px] p-5">
        <Failure what={`Run ${runId} could not be read`} error={run.error} onRetry={run.retry} />
      </div>
    ) : (
      <Skeleton lines={6} label="Reading the run" />
    );
  }
  return (
    <div className="flex h-full flex-col">
      <ConnectionStrip run={run} />
      <DeliverPage state={run.state} key={runId} />
    </div>
  );
}
