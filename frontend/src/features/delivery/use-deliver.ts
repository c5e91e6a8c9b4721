import type { Destination, RunState } from '@devfactory/contracts';
import { useMutation } from '@tanstack/react-query';
import { factory } from '../../api/factory.ts';
import { remember } from './wishes.ts';

/** Tries every destination first, and says yes to the tree only when all of them can be reached. */
export function useDeliver(state: RunState, tree: string | null) {
  return useMutation({
    mutationFn: async (destinations: readonly Destination[]) => {
      for (const destination of destinations) {
        if (destination.kind === 'zip') continue;
        const { ok, sentence } = await factory.testDestination(destination);
        if (!ok) throw new Error(sentence);
      }
      if (state.approval === null)
        await factory.runs.command(state.id, {
          do: 'approve-result',
          tree: tree ?? '',
          destinations: [...destinations],
        });
      else for (const destination of destinations) await factory.runs.command(state.id, { do: 'export', destination });
      remember(state, destinations);
    },
  });
}
