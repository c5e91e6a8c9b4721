import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { setSingleKeys, singleKeysWork } from './keys.ts';

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Anywhere',
    keys: [
      ['Ctrl/⌘ K', 'Find: commands and runs'],
      ['n', 'New run'],
      ['g  r', 'All runs'],
      ['?', 'This list'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    title: 'In a run',
    keys: [
      ['j  k', 'Next, previous step'],
      ['x', 'Failures only'],
      ['f', 'Next requirement that is failing'],
      ['[  ]', 'Earlier, later checkpoint'],
      ['1 – 4', 'Changes, Files, Log, Evidence'],
      ['w', 'Workspace in the whole width'],
      ['/', 'Search the log'],
      ['a', 'Answer the first question'],
      ['c', 'Write feedback'],
      ['Ctrl/⌘ .', 'Cancel the run, after a question'],
      ['Ctrl/⌘ Enter', 'Send feedback'],
    ],
  },
  {
    title: 'In a difference',
    keys: [
      ['j  k', 'Next change, change before'],
      ['v', 'Viewed, or not'],
      ['m', 'Comment on the change'],
    ],
  },
  {
    title: 'In the list of requirements of a new run',
    keys: [
      ['Enter', 'Add one; inside a text, split it there'],
      ['Backspace', 'At the start of a text: merge with the one above'],
      ['Alt ↑  Alt ↓', 'Move up, down'],
      ['Ctrl/⌘ Enter', 'Start the run'],
    ],
  },
];

export function KeyList({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [single, setSingle] = useState(singleKeysWork);
  return (
    <Dialog open={open} onClose={onClose} title="Keys" actions={<Button onClick={onClose}>Close</Button>}>
      <div className="grid gap-4">
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={single}
            onChange={(event) => {
              setSingle(event.target.checked);
              setSingleKeys(event.target.checked);
            }}
            className="size-4 accent-accent"
          />
          Keys without Ctrl or ⌘ work
        </label>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-small font-medium text-ink-2">{group.title}</h3>
            <dl className="grid grid-cols-[112px_1fr] gap-y-1">
              {group.keys.map(([key, what]) => (
                <div key={key} className="contents">
                  <dt>
                    <kbd className="rounded-sm border border-line bg-sunk px-1.5 py-0.5 whitespace-pre">{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
