import type { ReactNode } from 'react';
import type { Shape, Tone } from '../../words/tone.ts';
import { cx } from './cx.ts';

const colours: Record<Tone, string> = {
  ok: 'text-ok',
  bad: 'text-bad',
  warn: 'text-warn',
  run: 'text-accent',
  none: 'text-ink-3',
};
const washes: Record<Tone, string> = {
  ok: 'fill-ok-wash',
  bad: 'fill-bad-wash',
  warn: 'fill-warn-wash',
  run: 'fill-accent-wash',
  none: 'fill-sunk',
};

const stroke = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.7,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

/** The picture of each shape, on an 18 by 18 grid. */
const pictures: Record<Shape, (wash: string) => ReactNode> = {
  disc: (wash) => (
    <>
      <circle cx="9" cy="9" r="9" className={wash} />
      <path d="m5.4 9.3 2.4 2.4 4.8-5.2" {...stroke} />
    </>
  ),
  square: (wash) => (
    <>
      <rect width="18" height="18" rx="4" className={wash} />
      <path d="M9 4.8v5M9 13.1v.1" {...stroke} strokeWidth={2} />
    </>
  ),
  half: (wash) => (
    <>
      <circle cx="9" cy="9" r="8.1" className={wash} stroke="currentColor" strokeWidth="1.5" />
      <path d="M9 .9a8.1 8.1 0 0 0 0 16.2z" fill="currentColor" />
    </>
  ),
  ring: () => <circle cx="9" cy="9" r="7.6" {...stroke} />,
  dashed: () => <circle cx="9" cy="9" r="7.6" {...stroke} strokeDasharray="2.2 3.8" />,
  turning: () => (
    <circle
      cx="9"
      cy="9"
      r="7.6"
      {...stroke}
      strokeWidth={2}
      strokeDasharray="4.4 3.6"
      className="turning origin-center"
    />
  ),
  corner: (wash) => (
    <>
      <path d="M4 0h5a9 9 0 1 1-9 9V4a4 4 0 0 1 4-4z" className={wash} />
      <path d="M6.9 6.9A2.2 2.2 0 1 1 9.7 9q-.7.3-.7 1.1M9 12.8v.1" {...stroke} />
    </>
  ),
  struck: () => (
    <>
      <circle cx="9" cy="9" r="7.6" {...stroke} strokeWidth={1.3} />
      <path d="M5.4 9h7.2" {...stroke} />
    </>
  ),
  signed: () => (
    <>
      <rect x="1" y="1" width="16" height="16" rx="8" {...stroke} strokeWidth={1.3} />
      <path
        d="M5 11.6c1.4-3.4 2.4-5 3.2-5 1.2 0-.9 4.6.3 4.6.7 0 1.2-1.5 1.9-1.5.6 0 .5 1.3 2.6 1.2"
        {...stroke}
        strokeWidth={1.4}
      />
    </>
  ),
  clock: (wash) => (
    <>
      <circle cx="9" cy="9" r="8.1" className={wash} stroke="currentColor" strokeWidth="1.3" />
      <path d="M9 4.9V9l2.7 1.7" {...stroke} strokeWidth={1.5} />
    </>
  ),
};

/** Status as a form. Always beside a word that says the same, so it is hidden from screen readers. */
export function Mark({
  shape,
  tone,
  size = 18,
  className,
}: {
  readonly shape: Shape;
  readonly tone: Tone;
  readonly size?: number;
  readonly className?: string;
}) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 18 18"
      className={cx('shrink-0', colours[tone], className)}
    >
      {pictures[shape](washes[tone])}
    </svg>
  );
}
