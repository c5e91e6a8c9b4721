import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { filesQuery } from '../../api/queries.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { bytes, counted } from '../../words/format.ts';
import { StaysBehind } from './stays-behind.tsx';

const shown = 500;

/** Every file that is delivered, with its size. */
export function WhatGoes({
  runId,
  checkpoint,
  tree,
}: {
  readonly runId: string;
  readonly checkpoint: string;
  readonly tree: string | null;
}) {
  const files = useQuery(filesQuery(runId, checkpoint));
  const entries = files.data?.entries.filter((entry) => entry.type !== 'directory') ?? [];
  return (
    <section aria-labelledby="what-goes-title">
      <h2 id="what-goes-title" className="mb-1.5 flex items-baseline gap-2 text-lead font-semibold">
        What goes
        {files.data && (
          <span className="text-base font-normal text-ink-2">
            {counted(entries.length, 'file')}, {bytes(entries.reduce((sum, entry) => sum + entry.size, 0))}
          </span>
        )}
        <Link
          to="/runs/$runId"
          params={{ runId }}
          search={{ view: 'changes', pane: 'work' }}
          className="ml-auto text-base font-normal text-accent underline underline-offset-2"
        >
          All changes
        </Link>
      </h2>
      {files.isError && (
        <Failure what="The files could not be read" error={files.error} onRetry={() => void files.refetch()} />
      )}
      {files.isPending && <Skeleton lines={6} label="Reading the files" />}
      {files.data && (
        <Scroll label="Files that are delivered" className="max-h-[60dvh] rounded-lg border border-line bg-panel py-1">
          <ul>
            {entries.slice(0, shown).map((entry) => (
              <li key={entry.path}>
                <Link
                  to="/runs/$runId"
                  params={{ runId }}
                  search={{ view: 'files', ck: checkpoint, file: entry.path, pane: 'work' }}
                  className="flex min-h-[26px] items-baseline gap-3 px-3.5 -outline-offset-2 hover:bg-bg"
                >
                  <span className="mono min-w-0 flex-1 wrap-anywhere">{entry.path}</span>
                  <span className="shrink-0 text-small text-ink-3">{bytes(entry.size)}</span>
                </Link>
              </li>
            ))}
            {entries.length > shown && (
              <li className="px-3.5 text-small text-ink-3">and {counted(entries.length - shown, 'more file')}</li>
            )}
          </ul>
        </Scroll>
      )}
      <StaysBehind runId={runId} tree={tree} />
    </section>
  );
}
