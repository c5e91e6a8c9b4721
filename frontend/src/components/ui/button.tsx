import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export type ButtonLook = 'plain' | 'primary' | 'quiet' | 'danger';

const looks: Record<ButtonLook, string> = {
  plain: 'border-line bg-panel text-ink hover:border-line-strong',
  primary: 'border-accent bg-accent text-on-accent hover:opacity-90',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunk hover:text-ink',
  danger: 'border-transparent bg-transparent text-bad hover:bg-bad-wash',
};

/** Classes of a button, for links that look like one. */
export function buttonClasses(look: ButtonLook = 'plain', extra?: string): string {
  return cx(
    'tap inline-flex items-center justify-center gap-1.5 rounded-md border px-[11px] py-1 font-medium whitespace-nowrap transition-colors duration-100 disabled:opacity-55 aria-disabled:opacity-55',
    looks[look],
    extra,
  );
}

type Props = ComponentProps<'button'> & { look?: ButtonLook; busy?: boolean };

/** While busy it keeps its place and its focus, and does nothing. */
export function Button({
  look = 'plain',
  busy = false,
  className,
  children,
  type = 'button',
  onClick,
  ...rest
}: Props) {
  return (
    <button
      type={type}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={buttonClasses(look, className)}
      {...rest}
    >
      {children}
    </button>
  );
}
