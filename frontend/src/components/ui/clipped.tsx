import { useState } from 'react';
import { cx } from './cx.ts';

/** Long text: its first lines, and the rest on request. */
export function Clipped({
  text,
  limit = 480,
  mono = false,
  className,
}: {
  readonly text: string;
  readonly limit?: number;
  readonly mono?: boolean;
  readonly className?: string;
}) {
  const [open, setOpen] = useState(false);
  const long = text.length > limit;
  return (
    <div className={className}>
      <p className={cx('break-words whitespace-pre-wrap', mono && 'mono')}>
        {long && !open ? `${text.slice(0, limit).trimEnd()}…` : text}
      </p>
      {long && (
        <button
          type="button"
          className="min-h-6 text-accent underline underline-offset-2"
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show less' : 'Show all'}
        </button>
      )}
    </div>
  );
}
