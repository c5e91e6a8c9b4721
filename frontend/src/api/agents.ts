import type { AgentInGallery } from '@devfactory/contracts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { factory } from './factory.ts';

const queryKey = ['agents', 'gallery'];

const isFetching = ({ program }: AgentInGallery): boolean => program?.state === 'fetching';

/** Asked again each second while a program is fetched. */
export const galleryQuery = queryOptions({
  queryKey,
  queryFn: () => factory.agents.gallery(),
  refetchInterval: ({ state }) => (state.data?.some(isFetching) ? 1000 : false),
});

type Own = Parameters<typeof factory.agents.save>[0];

/** What is done with agents; each answers with the gallery as it is then. */
export function useAgentOrder() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: AgentOrder) => carriedOut(order),
    onSuccess: (gallery) => {
      queries.setQueryData(queryKey, gallery);
      // Who can be chosen for a run.
      void queries.invalidateQueries({ queryKey: ['agents'], exact: true });
    },
  });
}

type AgentOrder =
  | { readonly do: 'fetch' | 'cancel-fetch' | 'remove-program' | 'forget'; readonly id: string }
  | { readonly do: 'save'; readonly own: Own };

function carriedOut(order: AgentOrder): Promise<AgentInGallery[]> {
  switch (order.do) {
    case 'fetch':
      return factory.agents.fetch(order.id);
    case 'cancel-fetch':
      return factory.agents.cancelFetch(order.id);
    case 'remove-program':
      return factory.agents.removeProgram(order.id);
    case 'forget':
      return factory.agents.forget(order.id);
    case 'save':
      return factory.agents.save(order.own);
  }
}

/** Starts an agent in a sandbox and greets it. */
export function useTrial() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => factory.agents.tryOut(id),
    // Its program may have been fetched for it.
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}
