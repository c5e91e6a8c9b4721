import type { RunEvent } from '@devfactory/contracts';
import { Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { Virtualizer } from 'virtua';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Output, Scroll } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { counted, fullMoment, timeOfDay } from '../../words/format.ts';

interface Props {
  readonly events: readonly RunEvent[];
  readonly whole: boolean;
}

/** The run's events as they were recorded: the truth behind every other view. */
export function LogView({ events, whole }: Props) {
  const { place, go } = useRunPlace();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const find = useDeferredValue(place.find ?? '');
  const lines = useMemo(() => events.map((event) => ({ event, text: JSON.stringify(event.data) })), [events]);
  const shown = useMemo(() => filterLines(lines, find), [lines, find]);
  const toggle = (seq: number): void =>
    setOpen((now) => new Set(now.has(seq) ? [...now].filter((item) => item !== seq) : [...now, seq]));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3.5 py-1.5">
        <label className="tap flex min-w-0 flex-1 items-center gap-2 rounded-md border border-line-strong bg-panel px-2 focus-within:outline-2 focus-within:outline-accent">
          <Search aria-hidden="true" className="size-4 text-ink-3" />
          <span className="sr-only">Search the log</span>
          <input
            type="search"
            value={place.find ?? ''}
            onChange={(event) => go({ find: event.target.value || undefined }, { replace: true })}
            placeholder="Type, id or words"
            className="w-full bg-transparent outline-none"
          />
        </label>
        <span role="status" className="text-small text-ink-3">
          {find === '' ? counted(events.length, 'event') : `${shown.length} of ${events.length}`}
        </span>
      </div>
      {!whole && events.length === 0 && <Skeleton lines={8} label="Reading the log" />}
      {whole && shown.length === 0 && <Blank title="No event fits" />}
      <Scroll label="Events, oldest first" className="min-h-0 flex-1">
        <Virtualizer data={shown} as="ol" item="li">
          {(line) => (
            <EventLine
              key={line.event.seq}
              line={line}
              open={open.has(line.event.seq)}
              onToggle={() => toggle(line.event.seq)}
            />
          )}
        </Virtualizer>
      </Scroll>
    </div>
  );
}

interface Line {
  readonly event: RunEvent;
  readonly text: string;
}

/** Every word must be in the type, the actor, the seq or the data. */
function filterLines(lines: readonly Line[], find: string): Line[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter(({ event, text }) => {
    const all = `${event.seq} ${event.type} ${event.actor.kind} ${text}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

function EventLine({
  line: { event, text },
  open,
  onToggle,
}: {
  readonly line: Line;
  readonly open: boolean;
  readonly onToggle: () => void;
}) {
  return (
    <div className="border-b border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="grid min-h-7 w-full grid-cols-[5ch_6ch_minmax(0,1fr)] items-baseline gap-x-2 px-3.5 py-0.5 text-left -outline-offset-2 hover:bg-sunk"
      >
        <span className="mono-tiny text-right text-ink-3">{event.seq}</span>
        <time dateTime={event.at} title={fullMoment(event.at)} className="mono-tiny text-ink-3">
          {timeOfDay(event.at)}
        </time>
        <span className="mono truncate">
          <span className="font-medium">{event.type}</span>{' '}
          <span className="text-ink-3">{text === '{}' ? '' : text}</span>
        </span>
      </button>
      {open && (
        <Output label={`Event ${event.seq}`} className="max-h-96 rounded-none border-x-0">
          {JSON.stringify(event, null, 2)}
        </Output>
      )}
    </div>
  );
}
