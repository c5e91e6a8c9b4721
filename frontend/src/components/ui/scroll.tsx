import type { ComponentProps, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';

interface Props extends ComponentProps<'div'> {
  readonly label: string;
  readonly ref?: Ref<HTMLDivElement>;
}

/** Who uses no mouse must be able to scroll, so what scrolls takes the focus. */
const focusable = { tabIndex: 0 };

/** A part of the page that scrolls by itself, by wheel, touch and keys. */
export function Scroll({ label, className, ...rest }: Props) {
  return (
    <div
      {...focusable}
      role="region"
      aria-label={label}
      className={cx('overflow-auto -outline-offset-2', className)}
      {...rest}
    />
  );
}

/** Output as it came, in its own lines, with a bound on its height. */
export function Output({
  label,
  bad = false,
  className,
  children,
}: {
  readonly label: string;
  readonly bad?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <pre
      {...focusable}
      role="group"
      aria-label={label}
      className={cx(
        'overflow-auto rounded-lg border bg-sunk px-3 py-2 break-words whitespace-pre-wrap',
        bad ? 'border-bad/40' : 'border-line',
        className,
      )}
    >
      {children}
    </pre>
  );
}
