import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { logSearchQuery } from '../../api/queries.ts';

/** A run that goes on is searched anew after so many events, not after each. */
const step = 25;
const none: ReadonlyMap<number, string> = new Map();

/** Events in whose whole outputs the words stand, with what stands around them. Without words nothing is asked. */
export function useOutputs(
  runId: string,
  { find, events }: { readonly find: string; readonly events: number },
): {
  readonly found: ReadonlyMap<number, string>;
  readonly searching: boolean;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const asked = find !== '';
  const search = useInfiniteQuery({ ...logSearchQuery(runId, find, Math.floor(events / step)), enabled: asked });
  const { hasNextPage, isFetching, isError, fetchNextPage } = search;
  const readOn = asked && hasNextPage && !isFetching && !isError;
  useEffect(() => {
    if (readOn) void fetchNextPage();
  }, [readOn, fetchNextPage]);
  const pages = search.data?.pages;
  const found = useMemo(
    () =>
      new Map(
        pages?.flatMap(({ matches }) =>
          matches.flatMap((match) => (match.where === 'output' ? [[match.seq, match.excerpt] as const] : [])),
        ),
      ),
    [pages],
  );
  return {
    found: asked ? found : none,
    searching: asked && (isFetching || readOn),
    error: asked ? search.error : null,
    retry: () => void search.refetch(),
  };
}
