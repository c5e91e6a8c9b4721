import type { ChangedPath } from '@devfactory/contracts';

/** Lines that came and went; a zero says nothing and is left out. */
export function Counts({ additions, deletions }: { readonly additions: number; readonly deletions: number }) {
  return (
    <span className="ml-auto flex shrink-0 gap-1.5 text-small font-medium">
      {additions > 0 && <span className="text-ok">+{additions}</span>}
      {deletions > 0 && <span className="text-bad">−{deletions}</span>}
      <span className="sr-only">lines</span>
    </span>
  );
}

/** The folder steps back, the name stands out; a long path loses its beginning first. */
export function PathText({ path, className = '' }: { readonly path: string; readonly className?: string }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <span title={path} className={`mono flex min-w-0 ${className}`}>
      {cut > 0 && <span className="truncate text-ink-3">{path.slice(0, cut)}</span>}
      <span className="shrink-0">{path.slice(cut)}</span>
    </span>
  );
}

const letters = { added: 'A', modified: 'M', removed: 'D' } as const;

export function ChangeLetter({ change }: { readonly change: ChangedPath['change'] }) {
  return (
    <abbr title={change} className="mono-tiny w-3 shrink-0 text-center text-ink-3 no-underline">
      {letters[change]}
    </abbr>
  );
}
