import type { ChangedPath } from '@devfactory/contracts';
import { ChevronRight, Code, FileText, Undo2, UnfoldVertical } from 'lucide-react';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { ChangeLetter, Counts, PathText } from './changed-path.tsx';

interface Props {
  readonly changed: ChangedPath;
  readonly closed: boolean;
  readonly viewed: boolean;
  readonly onClosed: (closed: boolean) => void;
  readonly onViewed: (viewed: boolean) => void;
  readonly onUnfold: () => void;
  readonly onOpen: () => void;
  readonly onIde: () => void;
  /** Left out where nothing can be brought back. */
  readonly onRestore?: { readonly label: string; readonly act: () => void } | undefined;
}

/** Which file the lines below belong to, and what can be done with it. */
export function FileHead({ changed, closed, viewed, onClosed, onViewed, onUnfold, onOpen, onIde, onRestore }: Props) {
  const { path, change, binary, additions, deletions } = changed;
  return (
    <div className="flex min-h-9 items-center gap-1.5 border-y border-line bg-bg pr-2 pl-1 font-sans">
      <button
        type="button"
        aria-expanded={!closed}
        onClick={() => onClosed(!closed)}
        className="tap flex min-w-0 flex-1 items-center gap-1.5 rounded-md px-1.5 text-left -outline-offset-2 hover:bg-sunk"
      >
        <ChevronRight
          aria-hidden="true"
          className={`size-3.5 shrink-0 text-ink-3 transition-transform duration-100 ${closed ? '' : 'rotate-90'}`}
        />
        <ChangeLetter change={change} />
        <PathText path={path} className={viewed ? 'text-ink-2' : 'font-medium'} />
        {binary ? (
          <span className="ml-auto text-small text-ink-3">binary</span>
        ) : (
          <Counts additions={additions} deletions={deletions} />
        )}
      </button>
      {!closed && change === 'modified' && (
        <IconButton label={`Show all lines of ${path}`} icon={<UnfoldVertical />} onClick={onUnfold} />
      )}
      {change !== 'removed' && (
        <IconButton label={`Open ${path}`} icon={<FileText />} onClick={onOpen} className="max-wide:hidden" />
      )}
      {change !== 'removed' && !binary && (
        <IconButton label={`Open ${path} in VS Code`} icon={<Code />} onClick={onIde} className="max-wide:hidden" />
      )}
      {onRestore && (
        <IconButton label={onRestore.label} icon={<Undo2 />} onClick={onRestore.act} className="max-wide:hidden" />
      )}
      <label className="tap flex cursor-pointer items-center gap-1.5 rounded-md px-1.5 text-small text-ink-2 hover:bg-sunk">
        <input
          type="checkbox"
          checked={viewed}
          aria-label={`Viewed: ${path}`}
          onChange={(event) => onViewed(event.target.checked)}
          className="size-3.5 accent-accent"
        />
        <span aria-hidden="true">Viewed</span>
      </label>
    </div>
  );
}
