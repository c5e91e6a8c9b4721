import type { Destination, RunState } from '@devfactory/contracts';
import { useMutation } from '@tanstack/react-query';
import { factory } from '../../api/factory.ts';
import { remember } from './wishes.ts';

/** Looks for secrets and tries every destination first, and says yes to the tree only when nothing stands against any of them. */
export function useDeliver(state: RunState, tree: string | null) {
  return useMutation({
    mutationFn: async (destinations: readonly Destination[]) => {
      const { secrets } = await factory.runs.deliveryPreview(state.id, { kind: 'zip' });
      if (secrets.length > 0)
        throw new Error(
          'It holds what looks like secrets. They are named below “What goes”, where they can be let pass.',
        );
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
