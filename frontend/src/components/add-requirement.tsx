import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../api/queries.ts';
import { RequirementForm } from './requirement-form.tsx';
import { Failure } from './ui/notice.tsx';

/** A wish more, while the run goes on. The plan comes back with a check for it. `field` is the id of its text, one for each place on a page. */
export function AddRequirement({ runId, field }: { readonly runId: string; readonly field: string }) {
  const [open, setOpen] = useState(false);
  const add = useCommand(runId);
  const submit = (text: string): void => {
    if (text.trim() !== '') add.mutate({ do: 'add-requirement', text }, { onSuccess: () => setOpen(false) });
  };
  if (!open) {
    return (
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="tap flex w-full items-center gap-2.5 rounded-lg px-2 text-ink-2 hover:bg-panel hover:text-ink"
      >
        <Plus aria-hidden="true" className="size-[18px] p-px" /> Add a requirement
      </button>
    );
  }
  return (
    <RequirementForm
      field={field}
      label="New requirement"
      labelClassName="sr-only"
      text=""
      placeholder="What must hold"
      className="mx-2 mt-1"
      fieldClassName="min-h-[52px] bg-panel"
      failure={add.error && <Failure what="It was not added" error={add.error} />}
      submit="Add"
      busy={add.isPending}
      onSubmit={submit}
      onCancel={() => setOpen(false)}
    />
  );
}
