import { limits, utf8Length, type FeedbackRecord, type RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';

/** What was said and not taken in yet. It is kept by the server, so it survives a reload and a crash; until then it can be changed. */
export function QueuedFeedback({ state }: { readonly state: RunState }) {
  const queued = state.feedback.filter((item) => item.deliveredAt === null && !item.withdrawn);
  if (queued.length === 0) return null;
  return (
    <ul aria-label="Feedback that is queued" className="mb-2 grid max-h-44 gap-1.5 overflow-auto">
      {queued.map((item) => (
        <QueuedCard key={item.id} item={item} runId={state.id} />
      ))}
    </ul>
  );
}

function QueuedCard({ item, runId }: { readonly item: FeedbackRecord; readonly runId: string }) {
  const command = useCommand(runId);
  const [text, setText] = useState<string | null>(null);
  const { id: feedbackId, mode } = item;
  const edit = (changed: { readonly text?: string; readonly mode?: FeedbackRecord['mode'] }): void =>
    command.mutate(
      { do: 'edit-feedback', feedbackId, mode, text: item.text, ...changed },
      { onSuccess: () => setText(null) },
    );
  const usable = text !== null && text.trim() !== '' && utf8Length(text) <= limits.feedbackBytes;
  return (
    <li className="grid gap-1 rounded-lg border border-line bg-bg px-2.5 py-1.5">
      <div className="flex flex-wrap items-start gap-x-1">
        <span className="min-w-0 flex-1 basis-48">
          <span className="block text-small text-ink-3">
            {mode === 'steer' ? 'Queued for the next step' : 'Queued until the turn ends'}
          </span>
          {text === null && <span className="line-clamp-2 break-words">{item.text}</span>}
        </span>
        {text === null && (
          <span className="flex flex-wrap">
            <Button
              look="quiet"
              busy={command.isPending}
              onClick={() => edit({ mode: mode === 'steer' ? 'queue' : 'steer' })}
            >
              {mode === 'steer' ? 'Queue instead' : 'Steer instead'}
            </Button>
            <Button look="quiet" onClick={() => setText(item.text)}>
              Edit
            </Button>
            <Button
              look="quiet"
              busy={command.isPending}
              onClick={() => command.mutate({ do: 'withdraw-feedback', feedbackId })}
            >
              Withdraw
            </Button>
          </span>
        )}
      </div>
      {text !== null && (
        <form
          className="grid gap-1.5"
          onSubmit={(event) => {
            event.preventDefault();
            if (usable) edit({ text });
          }}
        >
          <textarea
            aria-label="Feedback that is queued, in other words"
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="field-sizing-content max-h-32 min-h-[52px] w-full resize-none rounded-md border border-line-strong bg-panel px-2 py-1.5"
          />
          <span className="flex justify-end gap-1.5">
            <Button look="quiet" onClick={() => setText(null)}>
              Leave it
            </Button>
            <Button type="submit" look="primary" busy={command.isPending} disabled={!usable}>
              Save
            </Button>
          </span>
        </form>
      )}
      {command.error && <Failure what="It was taken in already, or could not be changed" error={command.error} />}
    </li>
  );
}
