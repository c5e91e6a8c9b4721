import type { RunPage } from '@devfactory/client';
import type { RunSummary } from '@devfactory/contracts';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { factory } from '../../api/factory.ts';

/** Keeps every list of runs that is shown as it is now. True while the connection is being opened again. */
export function useRunFeed(): boolean {
  const queries = useQueryClient();
  const [reconnecting, setReconnecting] = useState(false);
  useEffect(() => {
    const aborter = new AbortController();
    const follow = async (): Promise<void> => {
      let wasCut = false;
      const onConnection = (connection: 'live' | 'reconnecting'): void => {
        setReconnecting(connection === 'reconnecting');
        // Summaries that came while the connection was cut are not sent again.
        if (connection === 'live' && wasCut) void queries.invalidateQueries({ queryKey: ['runs'] });
        wasCut = connection === 'reconnecting';
      };
      for await (const summary of factory.followFeed({ signal: aborter.signal, onConnection })) {
        const known = queries
          .getQueriesData<InfiniteData<RunPage>>({ queryKey: ['runs'] })
          .some(([, list]) => list && holds(list, summary.id));
        if (known)
          queries.setQueriesData<InfiniteData<RunPage>>(
            { queryKey: ['runs'] },
            (list) => list && withSummary(list, summary),
          );
        else void queries.invalidateQueries({ queryKey: ['runs'] });
      }
    };
    // A refusal for good shows in the list's own query, which asks the same server.
    follow().catch(() => setReconnecting(false));
    return () => aborter.abort();
  }, [queries]);
  return reconnecting;
}

function holds(list: InfiniteData<RunPage>, id: string): boolean {
  return list.pages.some((page) => page.runs.some((run) => run.id === id));
}

function withSummary(list: InfiniteData<RunPage>, summary: RunSummary): InfiniteData<RunPage> {
  return {
    ...list,
    pages: list.pages.map((page) => ({
      ...page,
      runs: page.runs.map((run) => (run.id === summary.id ? summary : run)),
    })),
  };
}
