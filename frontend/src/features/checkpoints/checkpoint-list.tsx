import type { RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { CheckpointActions } from './checkpoint-actions.tsx';
import { checkpointLook } from './checkpoint-looks.ts';

/** More would be long to scroll and slow to draw. */
const shownAtOnce = 20;

/** The checkpoints as a list, for screens too narrow for the strip; newest first. */
export function CheckpointList({ state }: { readonly state: RunState }) {
  const [shown, setShown] = useState(shownAtOnce);
  const items = state.checkpoints.toReversed();
  return (
    <section aria-labelledby="checkpoints-title">
      <h2 id="checkpoints-title" className="font-semibold">
        Checkpoints
      </h2>
      {items.length === 0 && <p className="text-ink-2">None yet; the first one is made before any work.</p>}
      <ol className="mt-1.5 grid gap-1.5">
        {items.slice(0, shown).map((item) => {
          const look = checkpointLook(state, item);
          return (
            <li
              key={item.id}
              className="grid grid-cols-[18px_minmax(0,1fr)] gap-x-2.5 rounded-lg border border-line bg-panel px-3 py-2"
            >
              <Mark shape={look.shape} tone={look.tone} className="mt-px" />
              <div className="min-w-0">
                <p className="break-words">
                  <span className="mono-tiny text-ink-3">{item.id}</span> {item.id === state.head ? 'Now · ' : ''}
                  {state.checkpointNames[item.id] ?? item.label}
                </p>
                <p className="text-small text-ink-2">
                  {look.words}
                  {state.pinned.includes(item.id) && ' · pinned'}
                </p>
                <div className="mt-1 flex flex-wrap gap-2">
                  <CheckpointActions state={state} checkpointId={item.id} />
                </div>
              </div>
            </li>
          );
        })}
      </ol>
      {items.length > shown && (
        <Button className="mt-2" onClick={() => setShown(shown + shownAtOnce)}>
          Older checkpoints
        </Button>
      )}
    </section>
  );
}
