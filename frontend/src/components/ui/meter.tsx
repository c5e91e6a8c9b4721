import { cx } from './cx.ts';

interface Props {
  readonly label: string;
  readonly value: number;
  readonly most: number;
}

/** How much of something is used up; from four fifths on it warns, with its words beside it and not by colour alone. */
export function Meter({ label, value, most }: Props) {
  const share = most > 0 ? Math.min(1, value / most) : 0;
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="inline-block h-1.5 w-12 self-center overflow-hidden rounded-full border border-line bg-sunk"
    >
      <span
        className={cx('block h-full', share >= 1 ? 'bg-bad' : share >= 0.8 ? 'bg-warn' : 'bg-accent')}
        style={{ width: `${share * 100}%` }}
      />
    </span>
  );
}
