import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { runListQuery } from '../../api/queries.ts';
import { RunRow } from './run-row.tsx';
import { useRunFeed } from './use-run-feed.ts';

const shown = 6;

/** Under the form: runs that wait for a person first, then the newest ones. Silent when there is none. */
export function NeedsMe() {
  const list = useInfiniteQuery(runListQuery({}));
  useRunFeed();
  const [now] = useState(() => new Date());
  const runs = list.data?.pages.flatMap((page) => page.runs) ?? [];
  if (runs.length === 0) return null;
  const waiting = runs.filter((run) => run.needsPerson);
  const picked = [...waiting, ...runs.filter((run) => !run.needsPerson)].slice(0, shown);
  return (
    <section aria-labelledby="recent-title" className="mt-10">
      <div className="mb-1.5 flex items-baseline gap-2">
        <h2 id="recent-title" className="text-lead font-semibold">
          {waiting.length > 0 ? 'Needs you, and recent' : 'Recent runs'}
        </h2>
        <Link to="/runs" className="ml-auto text-accent underline underline-offset-2">
          All runs
        </Link>
      </div>
      <div className="overflow-hidden rounded-lg border border-line bg-panel [&>a:last-child]:border-b-0">
        {picked.map((run) => (
          <RunRow key={run.id} run={run} now={now} className="border-b border-line" />
        ))}
      </div>
    </section>
  );
}
