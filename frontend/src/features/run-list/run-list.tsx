import type { Removal, RunSummary } from '@devfactory/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { runListQuery } from '../../api/queries.ts';
import { ActionMenu } from '../../components/ui/action-menu.tsx';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button, buttonClasses } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { RemovalDialog } from './removal-dialog.tsx';
import { isOrder, ordered, orders } from './run-order.ts';
import { RunRow } from './run-row.tsx';
import { useRunFeed } from './use-run-feed.ts';

const filters = [
  { value: '', label: 'All' },
  { value: 'waiting', label: 'Needs you' },
  { value: 'working', label: 'Working' },
  { value: 'failed', label: 'Stopped' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'archived', label: 'Archived' },
] as const;

interface Props {
  readonly state: string;
  readonly q: string;
  readonly sort: string;
}

/** All runs, kept up to date. Filters and order live in the URL. */
export function RunList({ state, q, sort }: Props) {
  const navigate = useNavigate();
  const order = isOrder(sort) ? sort : 'newest';
  const list = useInfiniteQuery(runListQuery({ state, q, sort: order }));
  const reconnecting = useRunFeed();
  const [now] = useState(() => new Date());
  const look = (next: Partial<Props>): void => {
    const search = { state, q, sort, ...next };
    void navigate({
      to: '/runs',
      search: {
        ...(search.state ? { state: search.state } : {}),
        ...(search.q ? { q: search.q } : {}),
        ...(search.sort ? { sort: search.sort } : {}),
      },
      replace: true,
    });
  };
  // What changes while one looks is put where it belongs now.
  const runs = ordered(list.data?.pages.flatMap((page) => page.runs) ?? [], order);
  const [removing, setRemoving] = useState<{ readonly run: RunSummary; readonly removal: Removal } | null>(null);
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
        <select
          aria-label="Order"
          value={order}
          onChange={(event) => look({ sort: event.target.value === 'newest' ? '' : event.target.value })}
          className="tap rounded-md border border-line bg-panel px-2"
        >
          {Object.entries(orders).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
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
        <Nothing filtered={state !== '' || q !== ''} onClear={() => look({ state: '', q: '', sort: '' })} />
      )}
      {runs.length > 0 && (
        <ul className="overflow-hidden rounded-lg border border-line bg-panel">
          {runs.map((run) => (
            <li key={run.id} className="flex items-center border-b border-line pr-2 last:border-b-0 hover:bg-bg">
              <RunRow run={run} now={now} className="min-w-0 flex-1" />
              <ActionMenu
                label={`More for ${run.name}`}
                actions={[
                  ...(run.archived
                    ? []
                    : [{ label: 'Archive…', onChoose: () => setRemoving({ run, removal: 'archive' }) }]),
                  { label: 'Delete…', onChoose: () => setRemoving({ run, removal: 'delete' }) },
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="mt-3 text-center">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {order === 'newest' ? 'Older runs' : 'More runs'}
          </Button>
        </div>
      )}
      {removing && <RemovalDialog {...removing} onClose={() => setRemoving(null)} />}
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
