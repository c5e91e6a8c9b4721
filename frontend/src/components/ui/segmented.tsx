import { useId, type ReactNode } from 'react';
import { cx } from './cx.ts';

interface Option<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly title?: string;
}

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

/** One of a few, all in sight. Native radio buttons, so arrows and screen readers work as everywhere. */
export function Segmented<T extends string>({ label, value, options, onChange, className }: Props<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cx('inline-flex rounded-md border border-line bg-sunk p-px', className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          title={option.title}
          className="tap flex cursor-pointer items-center rounded-[6px] px-2 font-medium whitespace-nowrap text-ink-2 wide:px-2.5 hover:text-ink has-checked:bg-panel has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--line)] has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            className="sr-only"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
