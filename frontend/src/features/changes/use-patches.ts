import type { FilePatch, Span } from '@devfactory/client';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { patchQuery } from '../../api/queries.ts';

/** How many are asked for at a time, so that what stands on top is there first. */
const atOnce = 4;

/** The differences of these files, read from the top down. */
export function usePatches(
  runId: string,
  span: Span,
  paths: readonly string[],
): {
  readonly patchOf: (path: string) => FilePatch | undefined;
  readonly failed: (path: string) => unknown;
  readonly retry: (path: string) => void;
} {
  const [count, setCount] = useState(atOnce);
  const asked = paths.slice(0, count);
  const results = useQueries({ queries: asked.map((path) => patchQuery(runId, span, path)) });
  const settled = results.filter((result) => !result.isPending).length;
  if (settled + atOnce > count && count < paths.length) setCount(Math.min(paths.length, settled + atOnce));
  const places = new Map(asked.map((path, place) => [path, place]));
  const resultOf = (path: string) => results[places.get(path) ?? -1];
  return {
    patchOf: (path) => resultOf(path)?.data,
    failed: (path) => resultOf(path)?.error ?? null,
    retry: (path) => void resultOf(path)?.refetch(),
  };
}
