import { limits, utf8Length, type RunState } from '@devfactory/contracts';
import { useEffect, useRef, useState, type Dispatch, type SetStateAction } from 'react';
import { useCommand } from '../../api/queries.ts';
import { useSendKey } from '../../components/shell/keys.ts';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { QueuedFeedback } from './queued-feedback.tsx';

type Mode = 'steer' | 'queue';

const explained: Record<Mode, string> = {
  steer: 'Taken in before the next step; nothing that runs is cut off.',
  queue: 'Taken in when this turn is over.',
};

/** Says something to the run. Text that is not sent is kept for this run. */
export function Composer({ state }: { readonly state: RunState }) {
  const [text, setText] = useKeptText(`devfactory.feedback.${state.id}`);
  const [mode, setMode] = useState<Mode>('steer');
  const send = useCommand(state.id);
  const form = useRef<HTMLFormElement>(null);
  const over = state.stage.name === 'cancelled';
  const tooLong = utf8Length(text) > limits.feedbackBytes;
  const submit = (): void => {
    if (text.trim() === '') return document.getElementById('feedback')?.focus();
    if (send.isPending || tooLong) return;
    // What was typed meanwhile stays.
    send.mutate({ do: 'feedback', text, mode }, { onSuccess: () => setText((now) => (now === text ? '' : now)) });
  };
  useSendKey(form, submit);
  if (over)
    return (
      <p className="border-t border-line bg-panel px-4 py-3 text-ink-2">
        This run was cancelled. Start a new one to go on.
      </p>
    );
  // Cards have forms of their own, and a form within a form is none.
  return (
    <div className="border-t border-line bg-panel px-3.5 pt-2.5 pb-3 max-wide:pb-2">
      <QueuedFeedback state={state} />
      <form
        ref={form}
        aria-label="Feedback to the run"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        className="group"
      >
        {send.error && (
          <Failure what="Your feedback was not taken" error={send.error} onRetry={submit} className="mb-2" />
        )}
        <label htmlFor="feedback" className="mb-1 block text-small font-medium text-ink-2 max-wide:sr-only">
          Feedback to the run
        </label>
        <textarea
          id="feedback"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-describedby="feedback-note"
          placeholder="Correct the course or ask for more"
          className="field-sizing-content max-h-48 min-h-[58px] w-full max-wide:min-h-[44px] resize-none rounded-lg border border-line-strong bg-bg px-2.5 py-2"
        />
        <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <Segmented
            label="When it is taken in"
            value={mode}
            onChange={setMode}
            options={[
              { value: 'steer', label: 'Steer' },
              { value: 'queue', label: 'Queue' },
            ]}
          />
          <p
            id="feedback-note"
            className={`min-w-0 flex-1 basis-40 text-small max-wide:order-last max-wide:basis-full ${tooLong ? 'text-bad' : 'text-ink-3 max-wide:hidden max-wide:group-focus-within:block'}`}
          >
            {tooLong ? `Too long by ${utf8Length(text) - limits.feedbackBytes} bytes.` : explained[mode]}
          </p>
          <Button type="submit" look="primary" busy={send.isPending} className="ml-auto">
            Send{' '}
            <kbd aria-hidden="true" className="text-tiny opacity-80 max-wide:hidden">
              Ctrl ↵
            </kbd>
          </Button>
        </div>
      </form>
    </div>
  );
}

function useKeptText(key: string): readonly [string, Dispatch<SetStateAction<string>>] {
  const [text, setText] = useState(() => [read(key), takeLinked()].filter((part) => part !== '').join('\n\n'));
  useEffect(() => {
    try {
      if (text === '') localStorage.removeItem(key);
      else localStorage.setItem(key, text);
    } catch {
      // Without storage the text lives as long as the page.
    }
  }, [key, text]);
  return [text, setText];
}

/** Words that a link brought along, e.g. from VS Code. They wait in the box: nobody says anything by opening a link. */
function takeLinked(): string {
  const { hash, pathname, search } = window.location;
  if (!hash.startsWith('#say=')) return '';
  history.replaceState(history.state, '', pathname + search);
  try {
    return decodeURIComponent(hash.slice('#say='.length)).slice(0, limits.feedbackBytes);
  } catch {
    return '';
  }
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
