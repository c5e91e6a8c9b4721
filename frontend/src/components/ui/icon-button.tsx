import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

type Props = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & { label: string; icon: ReactNode };

/** A button that shows only a picture: its name is both its label and its tooltip. */
export function IconButton({ label, icon, className, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        'tap tap-square inline-grid min-w-[30px] place-items-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink disabled:opacity-40 [&_svg]:size-4',
        className,
      )}
      {...rest}
    >
      {icon}
    </button>
  );
}
