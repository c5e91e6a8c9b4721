import type { RunEvent } from '@devfactory/contracts';
import { ArrowDownToLine, Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { counted } from '../../words/format.ts';
import { LogEvent } from './log-event.tsx';
import { isLogKind, logKinds, pickLines, toLogLine, wordsOf, type LogLine } from './log-lines.ts';
import { useOutputs } from './use-outputs.ts';

interface Props {
  readonly runId: string;
  readonly events: readonly RunEvent[];
  readonly whole: boolean;
}

const kinds = [
  { value: '', label: 'All' },
  ...Object.entries(logKinds).map(([value, label]) => ({ value, label })),
] as const;

/** The run's events as they were recorded: the truth behind every other view. */
export function LogView({ runId, events, whole }: Props) {
  const { place, go } = useRunPlace();
  const find = useDeferredValue(place.find ?? '');
  const kind = isLogKind(place.kind) ? place.kind : undefined;
  const lines = useLines(events);
  const outputs = useOutputs(runId, { find: place.out ? find.trim() : '', events: events.length });
  const { found } = outputs;
  const shown = useMemo(() => pickLines(lines, { find, kind, inOutputs: found }), [lines, find, kind, found]);
  const narrowed = find !== '' || kind !== undefined;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3.5 py-1.5">
        <label className="tap flex min-w-44 flex-1 items-center gap-2 rounded-md border border-line-strong bg-panel px-2 focus-within:outline-2 focus-within:outline-accent">
          <Search aria-hidden="true" className="size-4 text-ink-3" />
          <span className="sr-only">Search the log</span>
          <input
            id="log-search"
            type="search"
            value={place.find ?? ''}
            onChange={(event) => go({ find: event.target.value || undefined }, { replace: true })}
            placeholder="Type, id or words"
            className="w-full bg-transparent outline-none"
          />
        </label>
        <label className="tap flex items-center gap-1.5 text-small text-ink-2">
          <input
            type="checkbox"
            checked={place.out ?? false}
            onChange={(event) => go({ out: event.target.checked || undefined }, { replace: true })}
          />
          In outputs too
        </label>
        <Segmented
          label="Kind of events"
          value={kind ?? ''}
          onChange={(value) => go({ kind: value || undefined })}
          options={kinds}
          className="max-w-full overflow-x-auto text-small"
        />
        <span role="status" className="text-small text-ink-3">
          {narrowed ? `${shown.length} of ${events.length}` : counted(events.length, 'event')}
          {!whole && ', reading older ones…'}
          {outputs.searching && ', searching outputs…'}
        </span>
      </div>
      {outputs.error !== null && (
        <Failure
          what="The outputs could not be searched"
          error={outputs.error}
          onRetry={outputs.retry}
          className="m-3"
        />
      )}
      {!whole && events.length === 0 && <Skeleton lines={8} label="Reading the log" />}
      {whole && shown.length === 0 && !outputs.searching && (
        <Blank
          title="No event fits"
          action={
            <Button onClick={() => go({ find: undefined, kind: undefined }, { replace: true })}>Show all events</Button>
          }
        />
      )}
      <Lines shown={shown} found={found} words={useMemo(() => wordsOf(find), [find])} />
    </div>
  );
}

function Lines({
  shown,
  found,
  words,
}: {
  readonly shown: readonly LogLine[];
  readonly found: ReadonlyMap<number, string>;
  readonly words: readonly string[];
}) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [following, setFollowing] = useState(false);
  const list = useRef<VirtualizerHandle>(null);
  const room = useRef<HTMLDivElement>(null);
  const count = shown.length;
  useEffect(() => {
    if (following) list.current?.scrollToIndex(count - 1, { align: 'end' });
  }, [following, count]);
  const toggle = (seq: number): void =>
    setOpen((now) => new Set(now.has(seq) ? [...now].filter((item) => item !== seq) : [...now, seq]));
  /** Who scrolls up reads; the log then stays where it is. */
  const onScrollEnd = (): void => {
    const handle = list.current;
    if (following && handle && handle.scrollOffset + handle.viewportSize < handle.scrollSize - 60) setFollowing(false);
  };
  return (
    <div className="relative min-h-0 flex-1">
      <Scroll ref={room} label="Events, oldest first" className="h-full [overflow-anchor:none]">
        <Virtualizer ref={list} data={shown} itemSize={29} scrollRef={room} onScrollEnd={onScrollEnd} as="ol" item="li">
          {(line) => (
            <LogEvent
              key={line.event.seq}
              line={line}
              output={found.get(line.event.seq) ?? null}
              words={words}
              open={open.has(line.event.seq)}
              onToggle={() => toggle(line.event.seq)}
            />
          )}
        </Virtualizer>
      </Scroll>
      {count > 0 && (
        <IconButton
          label={following ? 'Stop following the newest events' : 'Follow the newest events'}
          aria-pressed={following}
          icon={<ArrowDownToLine />}
          onClick={() => setFollowing(!following)}
          className="absolute right-4 bottom-3 border border-line bg-panel shadow-overlay aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:text-accent"
        />
      )}
    </div>
  );
}

/** Lines are made once for each event, also when events come in before and behind them. */
function useLines(events: readonly RunEvent[]): readonly LogLine[] {
  const [made] = useState(() => new WeakMap<RunEvent, LogLine>());
  return useMemo(
    () =>
      events.map((event) => {
        const line = made.get(event) ?? toLogLine(event);
        made.set(event, line);
        return line;
      }),
    [events, made],
  );
}
