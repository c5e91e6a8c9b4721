import type { RunEvent, RunState } from '@devfactory/contracts';
import { useDeferredValue, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { counted } from '../../words/format.ts';
import { ActivityRow } from './activity-row.tsx';
import { failures, timeline, type TimelineRow } from './timeline.ts';

interface Props {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  readonly whole: boolean;
}

/** What happened, newest at the bottom. New rows never move what one is reading. */
export function Activity({ state, events, whole }: Props) {
  const { place, go } = useRunPlace();
  const all = useMemo(() => timeline(events), [events]);
  const bad = useMemo(() => failures(all, state), [all, state]);
  const rows = place.fails ? bad : all;
  return (
    <section aria-labelledby="activity-title" className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-x-2 px-4.5 pt-2.5 pb-1.5">
        <h2 id="activity-title" className="font-semibold">
          Activity
        </h2>
        <p className="ml-auto text-small text-ink-3">
          {counted(state.steps.length, 'step')}
          {bad.length > 0 && (
            <>
              {' · '}
              {counted(bad.length, 'failure')}
              {' · '}
              <button
                type="button"
                className="min-h-6 text-accent underline underline-offset-2"
                aria-pressed={place.fails ?? false}
                onClick={() => go({ fails: place.fails ? undefined : true })}
              >
                {place.fails ? 'show everything' : 'show failures only'}
              </button>
            </>
          )}
        </p>
      </div>
      {!whole && all.length === 0 ? (
        <Skeleton lines={6} label="Reading what happened" />
      ) : (
        <Rows rows={rows} state={state} step={place.step} />
      )}
      {whole && rows.length === 0 && <Blank title={place.fails ? 'Nothing has failed' : 'Nothing has happened yet'} />}
    </section>
  );
}

function Rows({
  rows,
  state,
  step,
}: {
  readonly rows: readonly TimelineRow[];
  readonly state: RunState;
  readonly step: number | undefined;
}) {
  const list = useRef<VirtualizerHandle>(null);
  const room = useRef<HTMLDivElement>(null);
  const { unseen, onScroll, toEnd } = useFollowing(rows.length, list, room);
  const first = rows[0]?.key;
  const before = useDeferredValue(first);
  // Older rows that are read later come in at the start; without this they would push what one is reading.
  const shift = first !== before;
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  }, [rows]);
  useEffect(() => {
    const index = latest.current.findIndex((row) => row.kind === 'step' && row.step === step);
    if (index >= 0) list.current?.scrollToIndex(index, { align: 'nearest' });
    // Only a new choice scrolls; rows that arrive later must not.
  }, [step]);
  return (
    <div className="relative min-h-0 flex-1">
      <Scroll ref={room} label="Activity, oldest first" className="h-full px-4.5 pb-3 [overflow-anchor:none]">
        <Virtualizer ref={list} data={rows} onScroll={onScroll} shift={shift} as="ol" item="li">
          {(row, index) => (
            <ActivityRow
              key={row.key}
              row={row}
              state={state}
              last={index === rows.length - 1}
              chosen={row.kind === 'step' && row.step === step}
            />
          )}
        </Virtualizer>
      </Scroll>
      {unseen > 0 && (
        <button
          type="button"
          onClick={toEnd}
          className="tap absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full border border-line bg-panel px-3.5 font-medium shadow-overlay"
        >
          Jump to latest · {unseen} new
        </button>
      )}
    </div>
  );
}

/** Stays at the end while one is there; otherwise counts what came. */
function useFollowing(count: number, list: RefObject<VirtualizerHandle | null>, room: RefObject<HTMLElement | null>) {
  const atEnd = useRef(true);
  const [seen, setSeen] = useState(0);
  const toEnd = (): void => list.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' });
  useEffect(() => {
    if (!atEnd.current) return;
    setSeen(count);
    list.current?.scrollToIndex(count - 1, { align: 'end' });
  }, [count, list]);
  useEffect(() => {
    if (!room.current) return;
    const watch = new ResizeObserver(
      () => atEnd.current && list.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' }),
    );
    watch.observe(room.current);
    return () => watch.disconnect();
  }, [list, room]);
  const onScroll = (offset: number): void => {
    const handle = list.current;
    if (!handle) return;
    atEnd.current = offset + handle.viewportSize >= handle.scrollSize - 48;
    if (atEnd.current) setSeen(count);
  };
  return { unseen: Math.max(0, count - seen), onScroll, toEnd };
}
