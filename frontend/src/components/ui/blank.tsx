import type { ReactNode } from 'react';

/** An empty place: what would be here, and what to do about it. */
export function Blank({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-[400px] flex-col items-center gap-1 px-6 py-10 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="text-pretty text-ink-2">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** Grey lines in the place of what is being read; silent for the first 150 ms. */
export function Skeleton({ lines = 4, label = 'Loading' }: { readonly lines?: number; readonly label?: string }) {
  const widths = ['62%', '88%', '74%', '51%', '80%', '67%'];
  return (
    <div role="status" aria-label={label} className="grid gap-3 p-4">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton h-3.5" style={{ width: widths[index % widths.length] }} />
      ))}
    </div>
  );
}
