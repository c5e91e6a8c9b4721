import type { RunState } from '@devfactory/contracts';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';

/** What was said and not taken in yet. It is kept by the server, so it survives a reload and a crash. */
export function QueuedFeedback({ state }: { readonly state: RunState }) {
  const withdraw = useCommand(state.id);
  const queued = state.feedback.filter((item) => item.deliveredAt === null && !item.withdrawn);
  if (queued.length === 0) return null;
  return (
    <ul aria-label="Feedback that is queued" className="mb-2 grid max-h-36 gap-1.5 overflow-auto">
      {withdraw.error && (
        <li>
          <Failure what="It could not be withdrawn" error={withdraw.error} />
        </li>
      )}
      {queued.map((item) => (
        <li key={item.id} className="flex items-start gap-2 rounded-lg border border-line bg-bg px-2.5 py-1.5">
          <span className="min-w-0 flex-1">
            <span className="block text-small text-ink-3">
              {item.mode === 'steer' ? 'Queued for the next step' : 'Queued until the turn ends'}
            </span>
            <span className="line-clamp-2 break-words">{item.text}</span>
          </span>
          <Button
            look="quiet"
            busy={
              withdraw.isPending &&
              withdraw.variables.do === 'withdraw-feedback' &&
              withdraw.variables.feedbackId === item.id
            }
            onClick={() => withdraw.mutate({ do: 'withdraw-feedback', feedbackId: item.id })}
          >
            Withdraw
          </Button>
        </li>
      ))}
    </ul>
  );
}
