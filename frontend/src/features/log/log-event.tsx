import { CopyButton } from '../../components/ui/copy-button.tsx';
import { Output } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { fullMoment, secondOfDay } from '../../words/format.ts';
import { fromHit, hits, stepOf, type LogLine } from './log-lines.ts';

interface Props {
  readonly line: LogLine;
  /** What its output says around what is looked for; null when it was not found there. */
  readonly output: string | null;
  /** What is looked for; it is marked. */
  readonly words: readonly string[];
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** An event in one line; opened, all of it as JSON. */
export function LogEvent({ line: { event, text }, output, words, open, onToggle }: Props) {
  return (
    <div className="border-b border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="grid min-h-7 w-full grid-cols-[5ch_8ch_minmax(0,1fr)] items-baseline gap-x-2 px-3.5 py-0.5 text-left -outline-offset-2 hover:bg-sunk max-wide:min-h-11 max-wide:content-center"
      >
        <span className="mono-tiny text-right text-ink-3">{event.seq}</span>
        <time dateTime={event.at} title={fullMoment(event.at)} className="mono-tiny text-ink-3">
          {secondOfDay(event.at)}
        </time>
        <span className="mono truncate">
          <span className="font-medium">
            <Hits text={event.type} words={words} />
          </span>{' '}
          <span className="text-ink-2">
            <Hits
              text={output === null ? fromHit(text, words).slice(0, 400) : `output: ${output.slice(0, 400)}`}
              words={words}
            />
          </span>
        </span>
      </button>
      {open && <Whole line={{ event }} words={words} />}
    </div>
  );
}

function Whole({
  line: { event },
  words,
}: {
  readonly line: Pick<LogLine, 'event'>;
  readonly words: readonly string[];
}) {
  const { go } = useRunPlace();
  const json = JSON.stringify(event, null, 2);
  const step = stepOf(event);
  return (
    <>
      <div className="flex items-center gap-3 bg-sunk px-3.5 text-small">
        <CopyButton text={json} label={`Copy event ${event.seq}`} />
        {step !== null && (
          <button
            type="button"
            className="min-h-6 text-accent underline underline-offset-2"
            onClick={() => go({ step, pane: undefined, wide: undefined })}
          >
            Show step {step}
          </button>
        )}
      </div>
      <Output label={`Event ${event.seq}`} className="max-h-96 rounded-none border-x-0">
        <Hits text={json} words={words} />
      </Output>
    </>
  );
}

function Hits({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  return hits(text, words).map((part, index) =>
    part.hit ? (
      <mark key={index} className="rounded-[2px] bg-accent-wash text-ink outline outline-accent/40">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
