import type { ChangedPath } from '@devfactory/contracts';
import { ArrowDown, ArrowUp, Columns2, Rows2, Space, WrapText } from 'lucide-react';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { counted } from '../../words/format.ts';
import { Counts } from './changed-path.tsx';

interface Props {
  readonly changes: readonly ChangedPath[];
  readonly viewed: number;
  readonly layout: 'unified' | 'split';
  readonly onLayout: (layout: 'unified' | 'split') => void;
  readonly wrap: boolean;
  readonly onWrap: (wrap: boolean) => void;
  /** Lines that differ in spaces alone are shown as the same. */
  readonly calm: boolean;
  readonly onCalm: (calm: boolean) => void;
  readonly onJump: (by: 1 | -1) => void;
}

/** How much differs, and how it is looked at. */
export function DiffTools({ changes, viewed, layout, onLayout, wrap, onWrap, calm, onCalm, onJump }: Props) {
  const sum = (pick: (item: ChangedPath) => number): number => changes.reduce((total, item) => total + pick(item), 0);
  return (
    <div
      role="toolbar"
      aria-label="Difference"
      className="flex shrink-0 items-center gap-1 border-b border-line py-0.5 pr-2 pl-3.5 text-small text-ink-2"
    >
      <span className="truncate">
        {counted(changes.length, 'file')}
        {viewed > 0 && `, ${viewed} viewed`}
      </span>
      <span className="mr-auto pl-2">
        <Counts additions={sum((item) => item.additions)} deletions={sum((item) => item.deletions)} />
      </span>
      <IconButton label="Change before (k)" icon={<ArrowUp />} onClick={() => onJump(-1)} />
      <IconButton label="Next change (j)" icon={<ArrowDown />} onClick={() => onJump(1)} />
      <IconButton
        label="Ignore differences in spaces"
        aria-pressed={calm}
        icon={<Space />}
        onClick={() => onCalm(!calm)}
        className="aria-pressed:bg-sunk aria-pressed:text-ink"
      />
      <IconButton
        label="Wrap long lines"
        aria-pressed={wrap || layout === 'split'}
        disabled={layout === 'split'}
        icon={<WrapText />}
        onClick={() => onWrap(!wrap)}
        className="aria-pressed:bg-sunk aria-pressed:text-ink"
      />
      <IconButton
        label={layout === 'split' ? 'One below the other' : 'Side by side'}
        icon={layout === 'split' ? <Rows2 /> : <Columns2 />}
        onClick={() => onLayout(layout === 'split' ? 'unified' : 'split')}
        className="max-wide:hidden"
      />
    </div>
  );
}
