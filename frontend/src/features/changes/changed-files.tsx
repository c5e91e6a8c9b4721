import type { ChangedPath } from '@devfactory/contracts';
import { Check } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Scroll } from '../../components/ui/scroll.tsx';
import { ChangeLetter, Counts } from './changed-path.tsx';

interface Props {
  readonly changes: readonly ChangedPath[];
  readonly chosen: string | undefined;
  readonly isViewed: (changed: ChangedPath) => boolean;
  readonly onChoose: (path: string) => void;
  readonly className?: string;
}

type Row = { readonly folder: string } | { readonly changed: ChangedPath; readonly name: string };

/** The changed files by folder; only the ones in sight are in the page. */
export function ChangedFiles({ changes, chosen, isViewed, onChoose, className = '' }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const rows = useMemo(() => byFolder(changes), [changes]);
  const at = rows.findIndex((row) => 'changed' in row && row.changed.path === chosen);
  useEffect(() => {
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' });
  }, [at]);
  return (
    <Scroll ref={room} label="Changed files" className={`py-1 ${className}`}>
      <Virtualizer ref={list} data={rows} itemSize={28} scrollRef={room} as="ul" item="li">
        {(row) =>
          'folder' in row ? (
            <p key={`${row.folder}/`} title={row.folder} className="truncate px-3 pt-1.5 text-small text-ink-3">
              {row.folder}/
            </p>
          ) : (
            <button
              key={row.changed.path}
              type="button"
              title={row.changed.path}
              aria-current={row.changed.path === chosen ? 'true' : undefined}
              onClick={() => onChoose(row.changed.path)}
              className="flex min-h-7 w-full items-center gap-1.5 px-3 text-left -outline-offset-2 hover:bg-sunk aria-[current]:bg-sunk max-wide:min-h-11"
            >
              <ChangeLetter change={row.changed.change} />
              <span className={`mono min-w-0 truncate ${isViewed(row.changed) ? 'text-ink-3' : ''}`}>{row.name}</span>
              {isViewed(row.changed) && <Check aria-label="viewed" className="size-3.5 shrink-0 text-ink-3" />}
              {row.changed.binary ? (
                <span className="ml-auto text-small text-ink-3">binary</span>
              ) : (
                <Counts additions={row.changed.additions} deletions={row.changed.deletions} />
              )}
            </button>
          )
        }
      </Virtualizer>
    </Scroll>
  );
}

function byFolder(changes: readonly ChangedPath[]): Row[] {
  let open = '';
  return changes.flatMap((changed): Row[] => {
    const cut = changed.path.lastIndexOf('/');
    const folder = changed.path.slice(0, Math.max(0, cut));
    const row = { changed, name: changed.path.slice(cut + 1) };
    if (folder === open) return [row];
    open = folder;
    return folder === '' ? [row] : [{ folder }, row];
  });
}
