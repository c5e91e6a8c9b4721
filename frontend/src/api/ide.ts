import type { IdeBundleState, IdeWish } from '@devfactory/contracts';
import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { factory } from './factory.ts';

export const ideBundleQuery = queryOptions({
  queryKey: ['ide'],
  queryFn: () => factory.ide.bundle(),
  refetchInterval: ({ state }) => (state.data?.is === 'fetching' ? 500 : false),
});

export function useFetchIde(): UseMutationResult<IdeBundleState, Error, void> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => factory.ide.fetch(),
    onSuccess: (state) => queries.setQueryData(ideBundleQuery.queryKey, state),
  });
}

/** Opens VS Code in a tab of its own. Call `mutate` in a click, for the tab is opened before the server has answered. */
export function useOpenIde(runId: string): UseMutationResult<void, Error, IdeWish> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (wish: IdeWish) => {
      // One tab for a run: a second file opens where the first one is.
      const name = `ide-${runId}`;
      const tab = window.open('about:blank', name);
      try {
        const { action, ticket } = await factory.ide.open(runId, wish);
        send(action, ticket, tab === null ? '_self' : name);
      } catch (error) {
        tab?.close();
        throw error;
      }
    },
    onError: () => queries.invalidateQueries(ideBundleQuery),
  });
}

/** By a form, so that the ticket is in no address. */
function send(action: string, ticket: string, target: string): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  form.target = target;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'ticket';
  field.value = ticket;
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}
