import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../api/queries.ts';
import { Button } from './ui/button.tsx';
import { Failure } from './ui/notice.tsx';
import { takeFocus } from './ui/take-focus.ts';

/** A wish more, while the run goes on. The plan comes back with a check for it. `field` is the id of its text, one for each place on a page. */
export function AddRequirement({ runId, field }: { readonly runId: string; readonly field: string }) {
  const [text, setText] = useState<string | null>(null);
  const add = useCommand(runId);
  const submit = (): void => {
    if (text === null || text.trim() === '') return;
    add.mutate({ do: 'add-requirement', text }, { onSuccess: () => setText(null) });
  };
  if (text === null) {
    return (
      <button
        type="button"
        onClick={() => setText('')}
        className="tap flex w-full items-center gap-2.5 rounded-lg px-2 text-ink-2 hover:bg-panel hover:text-ink"
      >
        <Plus aria-hidden="true" className="size-[18px] p-px" /> Add a requirement
      </button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="mx-2 mt-1 grid gap-1.5"
    >
      <label htmlFor={field} className="sr-only">
        New requirement
      </label>
      <textarea
        id={field}
        ref={takeFocus}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && text === '' && setText(null)}
        placeholder="What must hold"
        className="field-sizing-content min-h-[52px] w-full resize-none rounded-md border border-line-strong bg-panel px-2.5 py-1.5"
      />
      {add.error && <Failure what="It was not added" error={add.error} />}
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={() => setText(null)}>
          Cancel
        </Button>
        <Button type="submit" look="primary" busy={add.isPending}>
          Add
        </Button>
      </div>
    </form>
  );
}
