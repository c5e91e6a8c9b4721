import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

interface Props extends ComponentProps<'input'> {
  readonly id: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
}

/** A labelled line of text; its fault stands under it and is read with it. */
export function Field({ id, label, hint, fault, className, ...rest }: Props) {
  return (
    <div className={cx('grid content-start gap-1', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={fault ? true : undefined}
        aria-describedby={`${id}-note`}
        className="tap w-full rounded-md border border-line-strong bg-panel px-2.5 py-1 aria-invalid:border-bad"
        {...rest}
      />
      <p id={`${id}-note`} className={cx('text-small', fault ? 'text-bad' : 'text-ink-3')}>
        {fault ?? hint}
      </p>
    </div>
  );
}
