import type { Checkpoint, RunState } from '@devfactory/contracts';
import { Pin } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Mark } from '../../components/ui/mark.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { useWidth } from '../../components/use-width.ts';
import { useRunPlace } from '../../place/run-place.ts';
import { counted } from '../../words/format.ts';
import { CheckpointActions, short } from './checkpoint-actions.tsx';
import { checkpointLook } from './checkpoint-looks.ts';

/** The run's restorable states, oldest first: form and colour say what the verifier found there. */
export function CheckpointStrip({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const list = useRef<VirtualizerHandle>(null);
  const [room, width] = useWidth<HTMLDivElement>();
  const chosen = place.ck ?? state.head;
  const count = state.checkpoints.length;
  const at = state.checkpoints.findIndex((item) => item.id === chosen);
  const stopWidth = Math.min(240, Math.max(104, (width - 12) / Math.max(1, count)));
  useEffect(() => {
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' });
  }, [at, count, stopWidth]);
  return (
    <footer className="flex h-[76px] shrink-0 items-center gap-4 border-t border-line bg-panel px-4">
      <h2 className="shrink-0 font-semibold">Checkpoints</h2>
      {count === 0 && (
        <p className="flex-1 text-small text-ink-3">
          The first one is made before any work, so that everything can be undone.
        </p>
      )}
      <Scroll
        ref={room}
        label="Checkpoints, oldest first"
        hidden={count === 0}
        className="min-w-0 flex-1 overflow-y-hidden px-1.5 py-2 [scrollbar-width:none]"
      >
        <div className="h-[42px]">
          <Virtualizer
            ref={list}
            data={state.checkpoints}
            scrollRef={room}
            horizontal
            itemSize={stopWidth}
            as="ol"
            item="li"
          >
            {(item, index) => (
              <Stop
                key={item.id}
                checkpoint={item}
                state={state}
                width={stopWidth}
                last={index === count - 1}
                chosen={item.id === chosen}
                onChoose={() => go({ ck: item.id === state.head ? undefined : item.id })}
              />
            )}
          </Virtualizer>
        </div>
      </Scroll>
      {chosen !== null && (
        <div className="flex shrink-0 gap-2">
          <CheckpointActions state={state} checkpointId={chosen} />
        </div>
      )}
    </footer>
  );
}

interface StopProps {
  readonly checkpoint: Checkpoint;
  readonly state: RunState;
  /** In pixels. */
  readonly width: number;
  readonly last: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Stop({ checkpoint, state, width, last, chosen, onChoose }: StopProps) {
  const look = useMemo(() => checkpointLook(state, checkpoint), [state, checkpoint]);
  const { added, modified, removed } = checkpoint.changed;
  const name = state.checkpointNames[checkpoint.id] ?? checkpoint.label;
  const pinned = state.pinned.includes(checkpoint.id);
  const title = `${checkpoint.id}: ${name}. ${look.words}. ${counted(added + modified + removed, 'changed file')}${checkpoint.torn ? '. Files changed while they were read.' : ''}${pinned ? '. Pinned.' : ''}`;
  const here = checkpoint.id === state.head;
  return (
    <div className="relative" style={{ width }}>
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
          className={`flex items-center gap-1 pr-2.5 text-small ${chosen ? 'font-semibold text-ink' : 'text-ink-2 group-hover:text-ink'}`}
        >
          {pinned && <Pin aria-label="pinned" className="size-3 shrink-0" />}
          <span className="truncate">
            {short(checkpoint.id)} {here ? 'Now' : name}
          </span>
        </span>
        <span className="sr-only">, {look.words}</span>
      </button>
    </div>
  );
}
