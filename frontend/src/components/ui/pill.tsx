import type { ReactNode } from 'react';
import type { Tone } from '../../words/tone.ts';
import { cx } from './cx.ts';

const tones: Record<Tone, string> = {
  ok: 'bg-ok-wash text-ok',
  bad: 'bg-bad-wash text-bad',
  warn: 'bg-warn-wash text-warn',
  run: 'bg-accent-wash text-accent',
  none: 'bg-sunk text-ink-2',
};

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  bad: 'text-bad',
  warn: 'text-warn',
  run: 'text-accent',
  none: 'text-ink-2',
};

export function Pill({
  tone = 'none',
  children,
  className,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <span
      className={cx(
        'inline-flex min-w-0 items-center gap-1.5 rounded-full px-2.5 py-px text-small font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
