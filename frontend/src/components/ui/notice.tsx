import { useState, type ReactNode } from 'react';
import { explain } from '../../words/explain.ts';
import type { Tone } from '../../words/tone.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Mark } from './mark.tsx';

const boxes: Partial<Record<Tone, string>> = {
  bad: 'border-bad/35 bg-bad-wash',
  warn: 'border-warn/35 bg-warn-wash',
  run: 'border-accent/35 bg-accent-wash',
  ok: 'border-ok/35 bg-ok-wash',
};

/** A message in its place. */
export function Notice({
  tone,
  title,
  children,
  actions,
  className,
}: {
  readonly tone: Tone;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}) {
  const shape = tone === 'bad' ? 'square' : tone === 'ok' ? 'disc' : tone === 'run' ? 'ring' : 'corner';
  return (
    <div
      role={tone === 'bad' ? 'alert' : undefined}
      className={cx('flex gap-2.5 rounded-lg border px-3.5 py-2.5', boxes[tone] ?? 'border-line bg-panel', className)}
    >
      <Mark shape={shape} tone={tone} className="mt-px" />
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">{title}</p>
        {children && <div className="mt-0.5 break-words text-ink-2">{children}</div>}
        {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}

/** What went wrong, in the server's words, with a way on. */
export function Failure({
  error,
  what,
  onRetry,
  className,
}: {
  readonly error: unknown;
  readonly what: string;
  readonly onRetry?: () => void;
  readonly className?: string;
}) {
  const [copied, setCopied] = useState(false);
  const { detail, code } = explain(error);
  const copy = () => {
    void navigator.clipboard
      .writeText(`${what}\n${code}: ${detail}\n${location.href}\n${new Date().toISOString()}`)
      .then(() => setCopied(true));
  };
  return (
    <Notice
      tone="bad"
      title={what}
      {...(className ? { className } : {})}
      actions={
        <>
          {onRetry && <Button onClick={onRetry}>Try again</Button>}
          <Button look="quiet" onClick={copy}>
            {copied ? 'Copied' : 'Copy details'}
          </Button>
        </>
      }
    >
      {detail}
    </Notice>
  );
}
