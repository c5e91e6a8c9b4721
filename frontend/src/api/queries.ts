import type { Span } from '@devfactory/client';
import type { CreateRunInput, ForkRunInput, RunCommandInput, RunState } from '@devfactory/contracts';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { factory } from './factory.ts';

/** What a digest, a checkpoint or a pair of them names never changes. */
const forGood = { staleTime: Infinity, gcTime: 10 * 60_000 } as const;

export const agentsQuery = queryOptions({ queryKey: ['agents'], queryFn: () => factory.agents() });

export function runListQuery(filter: { readonly state?: string | undefined; readonly q?: string | undefined }) {
  const { state, q } = filter;
  return infiniteQueryOptions({
    queryKey: ['runs', { state: state ?? '', q: q ?? '' }],
    queryFn: ({ pageParam }) =>
      factory.runs.list({
        limit: 50,
        ...(pageParam ? { before: pageParam } : {}),
        ...(state ? { state } : {}),
        ...(q ? { q } : {}),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    // What was found stays in sight while the next letters are searched for.
    placeholderData: (found) => found,
  });
}

export const requestQuery = (runId: string) =>
  queryOptions({ queryKey: ['run', runId, 'request'], queryFn: () => factory.runs.request(runId), ...forGood });

/** `version` is part of the key: a check's content may be another one after a new plan. */
export const checkQuery = (runId: string, checkId: string, version: number) =>
  queryOptions({
    queryKey: ['run', runId, 'check', checkId, version],
    queryFn: () => factory.runs.check(runId, checkId),
    ...forGood,
  });

export const blobQuery = (runId: string, digest: string, length: number) =>
  queryOptions({
    queryKey: ['run', runId, 'blob', digest, length],
    queryFn: () => factory.runs.blob(runId, digest, { offset: 0, length }),
    ...forGood,
  });

export const filesQuery = (runId: string, checkpointId: string) =>
  queryOptions({
    queryKey: ['run', runId, 'files', checkpointId],
    queryFn: () => factory.runs.files(runId, checkpointId),
    ...forGood,
  });

export const fileQuery = (runId: string, checkpointId: string, path: string) =>
  queryOptions({
    queryKey: ['run', runId, 'file', checkpointId, path],
    queryFn: () => factory.runs.file(runId, checkpointId, path),
    ...forGood,
  });

export const changesQuery = (runId: string, span: Span) =>
  queryOptions({
    queryKey: ['run', runId, 'changes', span.from, span.to],
    queryFn: () => factory.runs.changes(runId, span),
    ...forGood,
  });

export const patchQuery = (runId: string, span: Span, path: string) =>
  queryOptions({
    queryKey: ['run', runId, 'patch', span.from, span.to, path],
    queryFn: () => factory.runs.change(runId, { ...span, path }),
    ...forGood,
  });

/** What restoring would change; it depends on where the run stands, so every event of it makes another question. */
export const restorePreviewQuery = (
  { id, head, stage, seq }: Pick<RunState, 'id' | 'head' | 'stage' | 'seq'>,
  { checkpointId, paths }: { readonly checkpointId: string; readonly paths?: readonly string[] },
) =>
  queryOptions({
    queryKey: ['run', id, 'restore-preview', checkpointId, paths ?? [], head, stage.name, seq],
    queryFn: () => factory.runs.restorePreview(id, checkpointId, { limit: 200, ...(paths ? { paths } : {}) }),
    placeholderData: (before) => before,
  });

/** Says something to a run. The answer shows in the run's own events, so there is nothing to refresh. */
export function useCommand(runId: string) {
  return useMutation({ mutationFn: (command: RunCommandInput) => factory.runs.command(runId, command) });
}

export function useCreateRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ request, upload }: { readonly request: CreateRunInput; readonly upload: File | null }) => {
      if (!upload) return factory.runs.create(request);
      const { uploadId } = await factory.upload(upload);
      return factory.runs.create({
        ...request,
        source: { kind: 'upload', uploadId, label: upload.name.slice(0, 300) },
      });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

/** Begins a run with a checkpoint of another one. */
export function useFork(runId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wish: ForkRunInput) => factory.runs.fork(runId, wish),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}
