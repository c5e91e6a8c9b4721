import type { RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { DestinationChoice } from './destination-choice.tsx';
import type { Gates } from './gates.ts';
import { useDeliver } from './use-deliver.ts';
import { destinationOf, firstWishes } from './wishes.ts';

interface Props {
  readonly state: RunState;
  readonly tree: string | null;
  readonly gate: Gates;
}

/** Destinations, gates, and the one button that says yes to this exact tree. */
export function ApproveForm({ state, tree, gate }: Props) {
  const [wishes, setWishes] = useState(() => firstWishes(state));
  const [knowing, setKnowing] = useState(false);
  const [asked, setAsked] = useState(false);
  const deliver = useDeliver(state, tree);
  if (gate.closed !== null || tree === null)
    return <p className="rounded-lg border border-line bg-panel px-3.5 py-3 text-ink-2">{gate.closed}</p>;
  const approved = state.approval !== null;
  const busy =
    deliver.isPending || state.exports.some((item) => item.state === 'requested' || item.state === 'started');
  const needsTick = !approved && gate.open.length > 0;
  const chosen = wishes.filter((wish) => wish.chosen);
  const submit = (): void => {
    setAsked(true);
    const destinations = chosen.flatMap((wish) => {
      const destination = destinationOf(wish);
      return 'field' in destination ? [] : [destination];
    });
    const faulty = chosen.find((wish) => 'field' in destinationOf(wish));
    if (faulty) {
      const found = destinationOf(faulty);
      if ('field' in found) document.getElementById(`destination-${faulty.kind}-${found.field}`)?.focus();
      return;
    }
    if (destinations.length === 0) return document.getElementById('destination-zip')?.focus();
    if (needsTick && !knowing) return document.getElementById('deliver-unproven')?.focus();
    deliver.mutate(destinations);
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
      <DestinationChoice
        wishes={wishes}
        onChange={setWishes}
        source={state.request.source.kind === 'git' ? state.request.source.url : ''}
        asked={asked}
      />
      {asked && chosen.length === 0 && <p className="text-small text-bad">Choose where it goes.</p>}
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
