import type { Span } from '@devfactory/client';
import type { ChangedPath } from '@devfactory/contracts';
import { useState, type CSSProperties, type ReactNode } from 'react';
import { useKept } from '../../components/kept.ts';
import { Segmented } from '../../components/ui/segmented.tsx';

const ways = ['beside', 'swipe', 'onion'] as const;
type Way = (typeof ways)[number];

interface Props {
  readonly runId: string;
  readonly span: Span;
  readonly changed: ChangedPath;
}

/** A picture before and after: beside each other, or the newer one over the older one. */
export function PictureDiff({ runId, span, changed }: Props) {
  const [way, setWay] = useKept<Way>('pictures', ways, () => 'beside');
  const before = changed.before !== null && <Picture {...{ runId, changed }} at={span.from} side="before" />;
  const after = changed.after !== null && <Picture {...{ runId, changed }} at={span.to} side="after" />;
  if (!before || !after)
    return (
      <Frame>
        {before}
        {after}
      </Frame>
    );
  return (
    <Frame>
      <Segmented
        label={`How to compare ${changed.path}`}
        value={way}
        options={[
          { value: 'beside', label: 'Side by side' },
          { value: 'swipe', label: 'Swipe' },
          { value: 'onion', label: 'Onion skin' },
        ]}
        onChange={setWay}
      />
      {way === 'beside' ? (
        <div className="flex flex-wrap items-start gap-3">
          {before}
          {after}
        </div>
      ) : (
        <Over key={way} way={way} path={changed.path} before={before} after={after} />
      )}
    </Frame>
  );
}

function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="sticky left-0 grid max-w-[min(1100px,calc(100vw-40px))] justify-items-start gap-2 px-4 py-2 font-sans">
      {children}
    </div>
  );
}

/** The newer picture over the older one, as far as the slider says. */
function Over({
  way,
  path,
  before,
  after,
}: {
  readonly way: 'swipe' | 'onion';
  readonly path: string;
  readonly before: ReactNode;
  readonly after: ReactNode;
}) {
  const [part, setPart] = useState(50);
  const style: CSSProperties = way === 'swipe' ? { clipPath: `inset(0 0 0 ${100 - part}%)` } : { opacity: part / 100 };
  return (
    <div className="grid justify-items-start gap-1.5">
      <div className="grid [&_figcaption]:hidden [&>*]:[grid-area:1/1]">
        {before}
        <div style={style}>{after}</div>
      </div>
      <label className="flex items-center gap-2 text-small text-ink-2">
        Before
        <input
          type="range"
          min={0}
          max={100}
          value={part}
          aria-label={`How much of the newer ${path} is shown`}
          className="w-56 accent-accent"
          onChange={(event) => setPart(Number(event.target.value))}
        />
        After
      </label>
    </div>
  );
}

function Picture({
  runId,
  changed,
  at,
  side,
}: {
  readonly runId: string;
  readonly changed: ChangedPath;
  readonly at: string;
  readonly side: 'before' | 'after';
}) {
  const [size, setSize] = useState<string | null>(null);
  if (size === 'none')
    return (
      <p className="text-small text-ink-2">{side === 'before' ? 'Before' : 'After'}: no picture that can be shown.</p>
    );
  return (
    <figure className="min-w-0">
      <img
        src={`/api/runs/${runId}/checkpoints/${at}/picture?path=${encodeURIComponent(changed.path)}`}
        alt={`${changed.path} ${side} the change`}
        className="max-h-[70vh] max-w-full rounded-sm border border-line bg-[repeating-conic-gradient(var(--sunk)_0_25%,var(--panel)_0_50%)] bg-size-[16px_16px] object-contain"
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setSize(`${naturalWidth} × ${naturalHeight}`)}
        onError={() => setSize('none')}
      />
      <figcaption className="text-small text-ink-2">
        {side === 'before' ? 'Before' : 'After'}, {at}
        {size !== null && `, ${size}`}
      </figcaption>
    </figure>
  );
}
