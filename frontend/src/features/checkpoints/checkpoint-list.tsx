import type { RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { checkpointLook } from './checkpoint-looks.ts';
import { RestoreDialog } from './restore-dialog.tsx';

/** The checkpoints as a list, for screens too narrow for the strip; newest first. */
export function CheckpointList({ state }: { readonly state: RunState }) {
  const { go } = useRunPlace();
  const [restoring, setRestoring] = useState<string | null>(null);
  return (
    <section aria-labelledby="checkpoints-title">
      <h2 id="checkpoints-title" className="font-semibold">
        Checkpoints
      </h2>
      {state.checkpoints.length === 0 && <p className="text-ink-2">None yet; the first one is made before any work.</p>}
      <ol className="mt-1.5 grid gap-1.5">
        {state.checkpoints.toReversed().map((item) => {
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
                  {item.label}
                </p>
                <p className="text-small text-ink-2">{look.words}</p>
                <div className="mt-1 flex flex-wrap gap-2">
                  <Button
                    onClick={() => go({ pane: 'work', view: 'changes', base: 'step', ck: item.id, file: undefined })}
                  >
                    Its changes
                  </Button>
                  {item.id !== state.head && (
                    <Button disabled={state.stage.name === 'cancelled'} onClick={() => setRestoring(item.id)}>
                      Restore…
                    </Button>
                  )}
                </div>
              </div>
            </li>
          );
        })}
      </ol>
      <RestoreDialog state={state} checkpointId={restoring} onClose={() => setRestoring(null)} />
    </section>
  );
}
