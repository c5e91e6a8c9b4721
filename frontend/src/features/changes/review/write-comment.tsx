import type { ReviewComment } from '@devfactory/contracts';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useCommand } from '../../../api/queries.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Failure } from '../../../components/ui/notice.tsx';
import type { Place } from './place-comments.ts';

interface Props {
  readonly runId: string;
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
  readonly commentAt: (place: Place) => Omit<ReviewComment, 'text'>;
  /** Opens the line in VS Code; null for what is there no more. */
  readonly onIde: (() => void) | null;
  readonly onClose: () => void;
}

/** A comment on some lines, while it is written. Its text stays when this is closed without adding it. */
export function WriteComment({ runId, place, onPlace, commentAt, onIde, onClose }: Props) {
  const key = `devfactory.comment.${runId}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const box = useRef<HTMLTextAreaElement>(null);
  const command = useCommand(runId);
  useEffect(() => box.current?.focus(), []);
  useEffect(() => sessionStorage.setItem(key, text), [key, text]);
  const add = (): void => {
    if (text.trim() === '' || command.isPending) return box.current?.focus();
    command.mutate(
      { do: 'comment', comment: { ...commentAt(place), text } },
      {
        onSuccess: () => {
          setText('');
          sessionStorage.removeItem(key);
          onClose();
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add();
  };
  const { from, to } = place.lines;
  const line = (label: string, value: number, change: (next: number) => Place['lines']) => (
    <label className="flex items-center gap-1">
      {label}
      <input
        type="number"
        min={1}
        onKeyDown={onKeyDown}
        value={value}
        onChange={(event) => {
          const next = Math.trunc(event.target.valueAsNumber);
          if (next >= 1) onPlace({ ...place, lines: change(next) });
        }}
        className="tap w-16 rounded-md border border-line-strong bg-panel px-1.5"
      />
    </label>
  );
  return (
    <form
      aria-label={`Comment on ${place.path}`}
      className="sticky left-0 grid max-w-[min(680px,calc(100vw-40px))] gap-2 border-y border-line bg-bg px-4 py-2.5 font-sans text-base"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div className="flex flex-wrap items-center gap-2 text-small text-ink-2">
        {line('Line', from, (next) => ({ from: next, to: Math.max(next, to) }))}
        {line('to', to, (next) => ({ from: Math.min(from, next), to: next }))}
        {place.side === 'old' && <span>of what was there before</span>}
      </div>
      <textarea
        ref={box}
        aria-label="Comment"
        onKeyDown={onKeyDown}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="What should be different here?"
        className="field-sizing-content max-h-48 min-h-[58px] w-full resize-none rounded-lg border border-line-strong bg-panel px-2.5 py-2"
      />
      {command.error && <Failure what="The comment was not added" error={command.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        {onIde && (
          <Button look="quiet" onClick={onIde} className="mr-auto max-wide:hidden">
            Open in VS Code
          </Button>
        )}
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" look="primary" busy={command.isPending}>
          Add to the review
        </Button>
      </div>
    </form>
  );
}
