import type { AgentInGallery } from '@devfactory/contracts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { factory } from './factory.ts';

const queryKey = ['agents', 'gallery'];

const isFetching = ({ program }: AgentInGallery): boolean => program?.state === 'fetching';

/** Asked again each second while a program is fetched. */
export const galleryQuery = queryOptions({
  queryKey,
  queryFn: () => factory.agentGallery(),
  refetchInterval: ({ state }) => (state.data?.some(isFetching) ? 1000 : false),
});

/** Begins to fetch an agent's program. */
export function useFetchAgent() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => factory.fetchAgent(id),
    onSuccess: (gallery) => queries.setQueryData(queryKey, gallery),
  });
}
