import type { Span } from '@devfactory/client';
import type { CreateRunInput, ForkRunInput, Removal, RunCommandInput, RunState } from '@devfactory/contracts';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { factory } from './factory.ts';

/** What a digest, a checkpoint or a pair of them names never changes. */
const forGood = { staleTime: Infinity, gcTime: 10 * 60_000 } as const;

export const agentsQuery = queryOptions({ queryKey: ['agents'], queryFn: () => factory.agents.list() });

interface RunFilter {
  /** A state's word, or 'archived'. */
  readonly state?: string;
  readonly q?: string;
  readonly sort?: 'newest' | 'active' | 'name' | 'open';
}

export function runListQuery({ state = '', q = '', sort = 'newest' }: RunFilter) {
  return infiniteQueryOptions({
    queryKey: ['runs', { state, q, sort }],
    queryFn: ({ pageParam }) =>
      factory.runs.list({
        limit: 50,
        sort,
        ...(pageParam ? { before: pageParam } : {}),
        ...(state === 'archived' ? { archived: 'yes' as const } : state ? { state } : {}),
        ...(q ? { q } : {}),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    // What was found stays in sight while the next letters are searched for.
    placeholderData: (found) => found,
  });
}

/** Asked anew each time: what would go depends on where the run stands, and on other runs. */
export const removalQuery = (runId: string, removal: Removal) =>
  queryOptions({
    queryKey: ['run', runId, 'removal', removal],
    queryFn: () => factory.runs.removalPreview(runId, removal),
    staleTime: 0,
    gcTime: 0,
  });

export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: () => factory.storage(),
  staleTime: 30_000,
});

export const cleanUpQuery = queryOptions({
  queryKey: ['clean-up'],
  queryFn: () => factory.cleanUp({ dryRun: true }),
  staleTime: 0,
  gcTime: 0,
});

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

/** Found by the factory, in whole outputs too; `age` grows with the log, as there may be more to find later. */
export const logSearchQuery = (runId: string, q: string, age: number) =>
  infiniteQueryOptions({
    queryKey: ['run', runId, 'log-search', q, age],
    queryFn: ({ pageParam }) => factory.runs.searchLog(runId, { q, after: pageParam, limit: 200 }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: (found) => found,
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

/** Archives or deletes a run; with the `seq` of what was listed it is refused when the run went on since. */
export function useRemoval() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, removal, seq }: { readonly id: string; readonly removal: Removal; readonly seq: number }) =>
      removal === 'archive' ? factory.runs.archive(id, { seq }) : factory.runs.delete(id, { seq }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['runs'] }),
        queries.invalidateQueries({ queryKey: ['storage'] }),
      ]),
  });
}

export function useCleanUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => factory.cleanUp({ dryRun: false }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['storage'] }),
  });
}
