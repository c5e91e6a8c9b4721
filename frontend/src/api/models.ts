import type { DayBudgets } from '@devfactory/client';
import type { ConnectionTest, ModelFigures, ProviderCard } from '@devfactory/contracts';
import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { factory } from './factory.ts';

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: () => factory.models.list(),
  staleTime: 30_000,
});

export const providersQuery = queryOptions({
  queryKey: ['model-providers'],
  queryFn: () => factory.models.providers(),
  staleTime: 30_000,
});

type Values = Readonly<Record<string, string>>;

/** A change of a provider changes what models there are, and with them which agents can be had. */
function useProviderChange<Order>(
  change: (order: Order) => Promise<unknown>,
): UseMutationResult<unknown, Error, Order> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(
        [['models'], ['model-providers'], ['agents']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export const useSaveProvider = (card: ProviderCard) =>
  useProviderChange((values: Values) => factory.models.save(card.id, values));

export const useForgetProvider = (card: ProviderCard) => useProviderChange(() => factory.models.forget(card.id));

export const useDefaultModel = () => useProviderChange((model: string | null) => factory.models.setDefault(model));

export const useFigures = () =>
  useProviderChange(({ model, figures }: { readonly model: string; readonly figures: ModelFigures | null }) =>
    factory.models.setFigures(model, figures),
  );

/** Asks one model that is set up. */
export const useModelTest = () =>
  useProviderChange(({ provider, name }: { readonly provider: string; readonly name: string }) =>
    factory.models.test(provider, { model: name }),
  );

export const budgetsQuery = queryOptions({ queryKey: ['budgets'], queryFn: () => factory.models.budgets() });

export function useBudgets() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (budgets: DayBudgets) => factory.models.setBudgets(budgets),
    onSuccess: (budgets) => queries.setQueryData(budgetsQuery.queryKey, budgets),
  });
}

export const useConnectionTest = (card: ProviderCard): UseMutationResult<ConnectionTest, Error, Values> =>
  useMutation({ mutationFn: (values: Values) => factory.models.test(card.id, { values }) });
