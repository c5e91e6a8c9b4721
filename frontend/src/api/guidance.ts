import type { GuidanceList, GuidanceSetting, TrustMark } from '@devfactory/contracts';
import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { factory } from './factory.ts';

export const guidanceQuery = queryOptions({ queryKey: ['guidance'], queryFn: () => factory.guidance.list() });

/** Text of a blob that a run names; it never changes. */
export const guidanceTextQuery = (runId: string, digest: string) =>
  queryOptions({
    queryKey: ['run', runId, 'blob', digest],
    queryFn: () => factory.runs.blob(runId, digest),
    staleTime: Infinity,
  });

function useGuidanceChange<Order>(
  change: (order: Order) => Promise<GuidanceList>,
): UseMutationResult<GuidanceList, Error, Order> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (list) => queries.setQueryData(guidanceQuery.queryKey, list),
  });
}

export const useSaveGuidance = () => useGuidanceChange((setting: GuidanceSetting) => factory.guidance.save(setting));

export const useForgetGuidance = () =>
  useGuidanceChange((setting: Pick<GuidanceSetting, 'kind' | 'name'>) => factory.guidance.forget(setting));

export const useForgetTrust = () =>
  useGuidanceChange((mark: TrustMark & { readonly project: string }) => factory.guidance.forgetTrust(mark));
