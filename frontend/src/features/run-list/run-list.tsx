import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { runListQuery } from '../../api/queries.ts';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button, buttonClasses } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { RunRow } from './run-row.tsx';
import { useRunFeed } from './use-run-feed.ts';

const filters = [
  { value: '', label: 'All' },
  { value: 'waiting', label: 'Needs you' },
  { value: 'working', label: 'Working' },
  { value: 'failed', label: 'Stopped' },
  { value: 'delivered', label: 'Delivered' },
] as const;

interface Props {
  readonly state: string;
  readonly q: string;
}

/** All runs, newest first, kept up to date. Filters live in the URL. */
export function RunList({ state, q }: Props) {
  const navigate = useNavigate();
  const list = useInfiniteQuery(runListQuery({ state, q }));
  const reconnecting = useRunFeed();
  const [now] = useState(() => new Date());
  const look = (next: Partial<Props>): void => {
    const search = { state, q, ...next };
    void navigate({
      to: '/runs',
      search: { ...(search.state ? { state: search.state } : {}), ...(search.q ? { q: search.q } : {}) },
      replace: true,
    });
  };
  const runs = list.data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Segmented
          label="Show"
          value={state}
          onChange={(value) => look({ state: value })}
          options={filters}
          className="max-w-full overflow-x-auto"
        />
        <label className="tap flex min-w-48 flex-1 items-center gap-2 rounded-md border border-line-strong bg-panel px-2.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent wide:max-w-72">
          <Search aria-hidden="true" className="size-4 text-ink-3" />
          <span className="sr-only">Search runs</span>
          <input
            type="search"
            value={q}
            onChange={(event) => look({ q: event.target.value })}
            placeholder="Search name or prompt"
            className="w-full bg-transparent outline-none"
          />
        </label>
        {reconnecting && (
          <span role="status" className="text-small text-ink-2">
            Reconnecting… the list may be a little old.
          </span>
        )}
      </div>
      {list.isError && (
        <Failure
          what="The list of runs could not be read"
          error={list.error}
          onRetry={() => void list.refetch()}
          className="mb-3"
        />
      )}
      {list.isPending && <Skeleton lines={6} label="Reading the runs" />}
      {list.data && runs.length === 0 && (
        <Nothing filtered={state !== '' || q !== ''} onClear={() => look({ state: '', q: '' })} />
      )}
      {runs.length > 0 && (
        <div className="overflow-hidden rounded-lg border border-line bg-panel [&>a:last-child]:border-b-0">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} now={now} />
          ))}
        </div>
      )}
      {list.hasNextPage && (
        <div className="mt-3 text-center">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Older runs
          </Button>
        </div>
      )}
    </>
  );
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) return <Blank title="No run fits" action={<Button onClick={onClear}>Show all</Button>} />;
  return (
    <Blank
      title="No runs yet"
      action={
        <Link to="/" className={buttonClasses('primary')}>
          Start the first one
        </Link>
      }
    >
      A run turns a prompt and requirements into code that is proven to meet them. Two examples on the start page run
      without a key.
    </Blank>
  );
}
