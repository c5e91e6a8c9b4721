import type { RunCommandInput, RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import type { Gates } from './gates.ts';

interface Props {
  readonly state: RunState;
  readonly tree: string | null;
  readonly gate: Gates;
}

/** Destination, gates, and the one button that says yes to this exact tree. */
export function ApproveForm({ state, tree, gate }: Props) {
  const wished = state.request.destinations.find((item) => item.kind === 'zip');
  const [name, setName] = useState(wished?.name ?? '');
  const [knowing, setKnowing] = useState(false);
  const [asked, setAsked] = useState(false);
  const deliver = useCommand(state.id);
  if (gate.closed !== null || tree === null)
    return <p className="rounded-lg border border-line bg-panel px-3.5 py-3 text-ink-2">{gate.closed}</p>;
  const approved = state.approval !== null;
  const busy =
    deliver.isPending || state.exports.some((item) => item.state === 'requested' || item.state === 'started');
  const needsTick = !approved && gate.open.length > 0;
  const nameFault = /[/\\\0]/.test(name) ? 'The ZIP name must be a plain file name, without slashes.' : undefined;
  const submit = (): void => {
    setAsked(true);
    if (nameFault) return document.getElementById('destination-name')?.focus();
    if (needsTick && !knowing) return document.getElementById('deliver-unproven')?.focus();
    deliver.mutate(commandFor({ name, tree, approved }));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      aria-labelledby="destination-title"
      className="grid gap-4 rounded-lg border border-line bg-panel px-4 py-3.5"
    >
      <h2 id="destination-title" className="text-lead font-semibold">
        {approved ? 'Deliver again' : 'Approve and deliver'}
      </h2>
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">Destination</legend>
        <label className="flex items-center gap-2">
          <input type="radio" name="destination" checked readOnly className="accent-accent" /> ZIP, with the proof and a
          readable report beside it
        </label>
        <Field
          id="destination-name"
          label="File name"
          placeholder="named after the run, .zip"
          value={name}
          onChange={(event) => setName(event.target.value)}
          fault={nameFault}
          hint="The proof travels beside the ZIP, never in it."
        />
      </fieldset>
      {needsTick && (
        <div
          className={`flex gap-2.5 rounded-lg border px-3 py-2.5 ${asked && !knowing ? 'border-bad bg-bad-wash' : 'border-warn/40 bg-warn-wash'}`}
        >
          <input
            id="deliver-unproven"
            type="checkbox"
            checked={knowing}
            onChange={(event) => setKnowing(event.target.checked)}
            aria-invalid={asked && !knowing}
            aria-describedby="unproven-note"
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <div>
            <label htmlFor="deliver-unproven" className="font-medium">
              Deliver with {gate.named}
            </label>
            <p id="unproven-note" className="text-ink-2">
              {asked && !knowing ? 'Tick this to deliver although it is not proven. ' : ''}The proof names{' '}
              {gate.open.length === 1 ? 'it' : 'them'} as not proven.
            </p>
          </div>
        </div>
      )}
      {deliver.error && <Failure what="It was not delivered" error={deliver.error} onRetry={submit} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look={approved ? 'plain' : 'primary'} busy={busy}>
          {busy ? 'Delivering…' : approved ? 'Deliver again' : 'Approve and deliver'}
        </Button>
        <span className="text-small text-ink-3">
          {approved
            ? 'The same tree; nothing is duplicated.'
            : gate.open.length === 0
              ? 'Every requirement is proven on this tree.'
              : ''}
        </span>
      </div>
    </form>
  );
}

function commandFor({
  name,
  tree,
  approved,
}: {
  readonly name: string;
  readonly tree: string;
  readonly approved: boolean;
}): RunCommandInput {
  const plain = name.trim();
  const destination = {
    kind: 'zip' as const,
    ...(plain === '' ? {} : { name: /\.zip$/i.test(plain) ? plain : `${plain}.zip` }),
  };
  return approved ? { do: 'export', destination } : { do: 'approve-result', tree, destinations: [destination] };
}
