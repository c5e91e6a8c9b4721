import type { Checkpoint, RunState } from '@devfactory/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { counted } from '../../words/format.ts';
import { checkpointLook } from './checkpoint-looks.ts';
import { RestoreDialog } from './restore-dialog.tsx';

/** The run's restorable states, oldest first: form and colour say what the verifier found there. */
export function CheckpointStrip({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const [restoring, setRestoring] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const chosen = place.ck ?? state.head;
  const count = state.checkpoints.length;
  const before =
    chosen === null ? undefined : state.checkpoints[state.checkpoints.findIndex((item) => item.id === chosen) - 1]?.id;
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen, count]);
  return (
    <footer className="flex h-[76px] shrink-0 items-center gap-4 border-t border-line bg-panel px-4">
      <h2 className="shrink-0 font-semibold">Checkpoints</h2>
      {count === 0 ? (
        <p className="flex-1 text-small text-ink-3">
          The first one is made before any work, so that everything can be undone.
        </p>
      ) : (
        <Scroll
          ref={list}
          label="Checkpoints, oldest first"
          className="min-w-0 flex-1 overflow-y-hidden [scrollbar-width:none]"
        >
          <ol className="flex px-1.5 py-2">
            {state.checkpoints.map((item, index) => (
              <Stop
                key={item.id}
                checkpoint={item}
                state={state}
                last={index === count - 1}
                chosen={item.id === chosen}
                onChoose={() => go({ ck: item.id === state.head ? undefined : item.id })}
              />
            ))}
          </ol>
        </Scroll>
      )}
      {chosen !== null && (
        <div className="flex shrink-0 gap-2">
          <Button
            disabled={before === undefined}
            onClick={() => go({ view: 'changes', pane: 'work', base: before, ck: chosen, file: undefined })}
          >
            Compare {before ? `${short(before)} ↔ ${short(chosen)}` : ''}
          </Button>
          <Button
            disabled={state.stage.name === 'cancelled' || (chosen === state.head && state.restoreRequested === null)}
            onClick={() => setRestoring(chosen)}
          >
            Restore…
          </Button>
        </div>
      )}
      <RestoreDialog state={state} checkpointId={restoring} onClose={() => setRestoring(null)} />
    </footer>
  );
}

interface StopProps {
  readonly checkpoint: Checkpoint;
  readonly state: RunState;
  readonly last: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Stop({ checkpoint, state, last, chosen, onChoose }: StopProps) {
  const look = useMemo(() => checkpointLook(state, checkpoint), [state, checkpoint]);
  const { added, modified, removed } = checkpoint.changed;
  const title = `${checkpoint.id}: ${checkpoint.label}. ${look.words}. ${counted(added + modified + removed, 'changed file')}${checkpoint.torn ? '. Files changed while they were read.' : ''}`;
  const here = checkpoint.id === state.head;
  return (
    <li className="relative max-w-[240px] min-w-[92px] flex-1">
      {!last && <span aria-hidden="true" className="absolute top-[8px] right-0 left-[24px] h-0.5 bg-line" />}
      <button
        type="button"
        title={title}
        aria-current={chosen ? 'true' : undefined}
        onClick={onChoose}
        className="group relative block w-full rounded-md text-left"
      >
        <span
          className={`relative inline-grid rounded-full bg-panel ${chosen ? 'shadow-[0_0_0_3px_var(--accent-wash),0_0_0_4.5px_var(--accent)]' : ''}`}
        >
          <Mark shape={look.shape} tone={look.tone} size={16} />
        </span>
        <span
          className={`block truncate pr-2.5 text-small ${chosen ? 'font-semibold text-ink' : 'text-ink-2 group-hover:text-ink'}`}
        >
          {short(checkpoint.id)} {here ? 'Now' : checkpoint.label}
        </span>
        <span className="sr-only">, {look.words}</span>
      </button>
    </li>
  );
}

function short(id: string): string {
  return id.replace('ck-', '');
}
