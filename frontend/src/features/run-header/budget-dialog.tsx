import type { RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';

/** What the run may cost in all. A run that stopped at its budget goes on when it is resumed. */
export function BudgetDialog({ state, onClose }: { readonly state: RunState; readonly onClose: () => void }) {
  const [text, setText] = useState(String(state.budgetUsd ?? ''));
  const [asked, setAsked] = useState(false);
  const command = useCommand(state.id);
  const amount = Number(text.replace(',', '.'));
  const wrong = asked && !(amount > 0);
  const save = (): void => {
    setAsked(true);
    if (amount > 0) command.mutate({ do: 'set-budget', budgetUsd: amount }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="What may this run cost?"
      description={`$${state.usage.costUsd.toFixed(4)} is spent. When the budget is, the run stops with all work kept.`}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="primary" busy={command.isPending} onClick={save}>
            Set budget
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field
          id="run-budget"
          label="Budget in USD"
          inputMode="decimal"
          value={text}
          onChange={(event) => setText(event.target.value)}
          fault={wrong ? 'An amount above 0.' : undefined}
        />
      </form>
      {command.error && <Failure what="The budget was not set" error={command.error} className="mt-2" />}
    </Dialog>
  );
}
