import type { TerminalCard, TerminalSize } from '@devfactory/contracts';
import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { factory } from './factory.ts';

export const terminalsQuery = (runId: string) =>
  queryOptions({ queryKey: ['terminals', runId], queryFn: () => factory.terminals.list(runId) });

export function useOpenTerminal(runId: string): UseMutationResult<TerminalCard, Error, TerminalSize> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (size: TerminalSize) => factory.terminals.open(runId, size),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['terminals', runId] }),
  });
}

export function useCloseTerminal(runId: string): UseMutationResult<void, Error, string> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => factory.terminals.close(runId, id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['terminals', runId] }),
  });
}
