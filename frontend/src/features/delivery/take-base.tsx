import { refuseCommand, type ExportRecord, type RunState } from '@devfactory/contracts';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';

/** What became of the branch that a pull request is for, and the way to have it taken in before GitHub wants it. */
export function TakeBase({ state, item }: { readonly state: RunState; readonly item: ExportRecord }) {
  const command = useCommand(state.id);
  const order = { do: 'take-base', exportId: item.id } as const;
  const last = state.bases.findLast(({ exportId }) => exportId === item.id);
  return (
    <div className="mt-1.5 grid gap-1.5">
      {last && <p className="text-small break-words text-ink-2">{sentenceOf(last, state)}</p>}
      {refuseCommand(state, order) === null && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Button busy={command.isPending} onClick={() => command.mutate(order)}>
            Take the base in
          </Button>
          <span className="min-w-0 text-small text-ink-3">
            Merges what its branch holds by now into this run; the new tree is verified, and waits for you.
          </span>
        </div>
      )}
      {command.error && <Failure what="It was not taken in" error={command.error} />}
    </div>
  );
}

function sentenceOf(
  { state, branch, commit, conflicts, reason }: RunState['bases'][number],
  { stage }: Pick<RunState, 'stage'>,
): string {
  if (state === 'advanced') return 'The base went on and is being taken in.';
  if (state === 'refused') return `The base was not taken in: ${reason ?? ''}`;
  const where = `${branch} at ${(commit ?? '').slice(0, 12)} was taken in`;
  const waits = stage.name === 'waiting' && stage.for === 'review';
  if (conflicts.length === 0)
    return waits
      ? `${where}. That is a new tree, and it is verified: it goes out when you approve it.`
      : `${where}. That is a new tree: it goes out when it is verified and approved.`;
  return waits
    ? `${where}, with conflicts in ${conflicts.join(', ')}, on which the agent has worked. The result is verified: it goes out when you approve it.`
    : `${where}, with conflicts in ${conflicts.join(', ')}. The agent works on them; the result goes out when it is verified and approved.`;
}
