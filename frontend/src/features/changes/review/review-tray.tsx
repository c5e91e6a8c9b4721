import { findQuote, type RunState } from '@devfactory/contracts';
import { useQueries } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { fileQuery, useCommand } from '../../../api/queries.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Failure } from '../../../components/ui/notice.tsx';
import { Segmented } from '../../../components/ui/segmented.tsx';
import { useRunPlace } from '../../../place/run-place.ts';
import { counted } from '../../../words/format.ts';
import { CommentCard, type Standing } from './comment-card.tsx';

type Mode = 'steer' | 'queue';

/** All comments of the run: those that wait, which go as one message, and what became of those that were sent. */
export function ReviewTray({ state }: { readonly state: RunState }) {
  const { go } = useRunPlace();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [mode, setMode] = useState<Mode>('steer');
  const send = useCommand(state.id);
  const standingOf = useStandings(state, open);
  const waiting = state.comments.filter((item) => item.feedbackId === null);
  const sent = state.comments.filter((item) => item.feedbackId !== null);
  const left = sent.filter((item) => item.addressed === null).length;
  if (state.comments.length === 0) return null;
  const list = (label: string, comments: typeof waiting) => (
    <ul aria-label={label} className="grid gap-2">
      {comments.map((comment) => (
        <li key={comment.id}>
          <CommentCard
            runId={state.id}
            comment={comment}
            standing={standingOf(comment.id)}
            onOpen={() => go({ file: comment.path })}
          />
        </li>
      ))}
    </ul>
  );
  return (
    <section aria-label="Review" className="shrink-0 border-t border-line bg-bg">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="tap flex w-full items-center gap-2 px-3.5 py-1.5 text-left -outline-offset-2"
      >
        <ChevronRight aria-hidden="true" className={`size-3.5 text-ink-3 ${open ? 'rotate-90' : ''}`} />
        <span className="font-medium">Review</span>
        <span role="status" className="text-small text-ink-2">
          {waiting.length > 0 && `${counted(waiting.length, 'comment')} to send`}
          {waiting.length > 0 && sent.length > 0 && ' · '}
          {sent.length > 0 &&
            (left === 0 ? 'all that was sent is addressed' : `${left} of ${sent.length} sent not addressed`)}
        </span>
      </button>
      {open && (
        <div className="grid max-h-[45dvh] gap-3 overflow-auto px-3.5 pb-3">
          {waiting.length > 0 && list('Comments to send', waiting)}
          {waiting.length > 0 && (
            <form
              className="grid gap-2"
              onSubmit={(event) => {
                event.preventDefault();
                send.mutate({ do: 'send-review', text, mode }, { onSuccess: () => setText('') });
              }}
            >
              <textarea
                aria-label="Words before the comments"
                placeholder="Something about all of it (optional)"
                value={text}
                onChange={(event) => setText(event.target.value)}
                className="field-sizing-content max-h-32 w-full resize-none rounded-lg border border-line-strong bg-panel px-2.5 py-2"
              />
              {send.error && <Failure what="The comments were not sent" error={send.error} />}
              <div className="flex flex-wrap items-center gap-3">
                <Segmented
                  label="When it is taken in"
                  value={mode}
                  onChange={setMode}
                  options={[
                    { value: 'steer', label: 'Steer' },
                    { value: 'queue', label: 'Queue' },
                  ]}
                />
                <Button type="submit" look="primary" busy={send.isPending} className="ml-auto">
                  Send {counted(waiting.length, 'comment')}
                </Button>
              </div>
            </form>
          )}
          {sent.length > 0 && list('Comments that were sent', sent.toReversed())}
        </div>
      )}
    </section>
  );
}

/** Where the code of each comment stands at the newest checkpoint. */
function useStandings(state: RunState, wanted: boolean): (commentId: string) => Standing {
  const { head, comments } = state;
  const open = comments.filter((item) => item.side === 'new' && item.addressed === null && item.checkpointId !== head);
  const paths = wanted && head !== null ? [...new Set(open.map(({ path }) => path))] : [];
  const files = useQueries({
    queries: paths.map((path) => ({ ...fileQuery(state.id, head ?? '', path), retry: false })),
  });
  return (commentId) => {
    const comment = open.find(({ id }) => id === commentId);
    const file = comment && files[paths.indexOf(comment.path)];
    if (!comment || !file || file.isPending) return null;
    const text = file.data?.text ?? null;
    return { line: text === null ? null : findQuote(text, comment) };
  };
}
