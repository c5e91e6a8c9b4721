import { ChevronDown, ChevronUp, X } from 'lucide-react';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { ActionMenu } from '../../components/ui/action-menu.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import type { DraftRow } from './draft.ts';
import { sentencesOf } from './rows.ts';

export interface RowActions {
  readonly change: (key: string, change: Partial<DraftRow>) => void;
  readonly remove: (key: string) => void;
  readonly move: (key: string, by: -1 | 1) => void;
  /** The words from `at` on become the next row; at the end of a text that is a new, empty one. */
  readonly split: (key: string, at: number) => void;
  readonly splitSentences: (key: string) => void;
  /** Joins it to the row above. */
  readonly merge: (key: string) => void;
  /** Several lines were pasted into a row; true when they are taken care of otherwise. */
  readonly pasted: (key: string, text: string) => boolean;
}

interface Props {
  readonly row: DraftRow;
  readonly index: number;
  readonly count: number;
  readonly actions: RowActions;
}

export function RequirementRow({ row, index, count, actions }: Props) {
  const id = `R-${index + 1}`;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (event.altKey && by !== 0) actions.move(row.key, by);
    else if (event.key === 'Enter' && !event.shiftKey) actions.split(row.key, event.currentTarget.selectionStart);
    else if (event.key === 'Backspace' && row.text === '') actions.remove(row.key);
    else if (event.key === 'Backspace' && index > 0 && isAtStart(event.currentTarget)) actions.merge(row.key);
    else return;
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const text = event.clipboardData.getData('text/plain');
    if (/\r|\n/.test(text.trim()) && actions.pasted(row.key, text)) event.preventDefault();
  };
  return (
    <li className="group grid grid-cols-[42px_minmax(0,1fr)_auto] items-start gap-x-1 border-b border-line px-2 py-1 last:border-b-0 focus-within:bg-bg max-wide:grid-cols-[36px_minmax(0,1fr)]">
      <span className="mono-tiny pt-2 pl-1 text-ink-3">{id}</span>
      <textarea
        id={`row-${row.key}`}
        aria-label={`Requirement ${id}`}
        rows={1}
        value={row.text}
        placeholder="What must hold, so that one can check it"
        onChange={(event) => actions.change(row.key, { text: joined(event.target.value, row.text) })}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="field-sizing-content w-full resize-none rounded-sm bg-transparent px-1.5 py-[5px] outline-offset-0"
      />
      <div className="flex items-center max-wide:col-start-2">
        <select
          aria-label={`Priority of ${id}`}
          value={row.priority}
          onChange={(event) => actions.change(row.key, { priority: event.target.value as DraftRow['priority'] })}
          className="tap rounded-md bg-transparent px-1 text-small text-ink-2 hover:bg-sunk"
        >
          <option value="must">must</option>
          <option value="should">should</option>
          <option value="could">could</option>
        </select>
        <IconButton
          label={`Move ${id} up`}
          icon={<ChevronUp />}
          disabled={index === 0}
          onClick={() => actions.move(row.key, -1)}
        />
        <IconButton
          label={`Move ${id} down`}
          icon={<ChevronDown />}
          disabled={index === count - 1}
          onClick={() => actions.move(row.key, 1)}
        />
        <ActionMenu
          label={`Split or merge ${id}`}
          actions={[
            {
              label: 'Split into its sentences',
              disabled: sentencesOf(row.text).length < 2,
              onChoose: () => actions.splitSentences(row.key),
            },
            { label: 'Merge with the one above', disabled: index === 0, onChoose: () => actions.merge(row.key) },
          ]}
        />
        <IconButton label={`Remove ${id}`} icon={<X />} onClick={() => actions.remove(row.key)} />
      </div>
    </li>
  );
}

/** One line; but lines of a quote that came from outside stay marked as what they are. */
function joined(text: string, before: string): string {
  return /^> /m.test(before) ? text : text.replace(/\s*\n\s*/g, ' ');
}

function isAtStart({ selectionStart, selectionEnd }: HTMLTextAreaElement): boolean {
  return selectionStart === 0 && selectionEnd === 0;
}
