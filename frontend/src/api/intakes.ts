import type { Intake, IntakeList } from '@devfactory/contracts';
import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { factory } from './factory.ts';

export const intakesQuery = queryOptions({
  queryKey: ['intakes'],
  queryFn: () => factory.intakes.list(),
  refetchInterval: 15_000,
});

function useIntakeChange<Order>(
  change: (order: Order) => Promise<IntakeList>,
): UseMutationResult<IntakeList, Error, Order> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (list) => queries.setQueryData(intakesQuery.queryKey, list),
  });
}

export const useSwitchIntakeOn = () => useIntakeChange((intake: Intake) => factory.intakes.switchOn(intake));

export const useSwitchIntakeOff = () => useIntakeChange((repository: string) => factory.intakes.switchOff(repository));
