import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { runListQuery } from '../../api/queries.ts';
import { stageLook } from '../../words/stage-words.ts';
import { offeredCommands, type Command } from './commands.ts';

/** Runs that are offered at a time. */
const runsShown = 8;

/** Everything that can be done here and every run, by typing a part of its name. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [commands] = useState(offeredCommands);
  const runs = useRunCommands(useDeferredValue(typed));
  const items = [...commands.filter((command) => fits(command, typed)), ...runs];
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup
          aria-label="Commands and runs"
          className="fixed top-[12dvh] left-1/2 z-50 flex max-h-[70dvh] w-[calc(100vw-24px)] max-w-[600px] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-panel shadow-overlay"
        >
          <Autocomplete.Root
            inline
            open
            items={items}
            mode="none"
            autoHighlight="always"
            keepHighlight
            value={typed}
            onValueChange={(value, details) => details.reason !== 'item-press' && setTyped(value)}
            itemToStringValue={(command: Command) => command.title}
          >
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search aria-hidden="true" className="size-4 text-ink-3" />
              <Autocomplete.Input
                aria-label="What to do"
                placeholder="Do something, or find a run"
                className="h-12 w-full bg-transparent text-lead outline-none"
              />
            </div>
            <Autocomplete.Empty className="px-4 py-6 text-center text-ink-2 empty:hidden">
              Nothing is called that.
            </Autocomplete.Empty>
            <Autocomplete.List className="overflow-auto p-1.5 outline-none data-empty:hidden">
              {(command: Command) => (
                <Autocomplete.Item
                  key={command.id}
                  value={command}
                  onClick={() => {
                    onClose();
                    command.act();
                  }}
                  className="tap flex cursor-default items-center gap-3 rounded-md px-2.5 data-highlighted:bg-sunk"
                >
                  <span className="min-w-0 flex-1 truncate">{command.title}</span>
                  <span className="shrink-0 text-small text-ink-3">{command.group}</span>
                  {command.keys && (
                    <kbd className="shrink-0 rounded-sm border border-line bg-sunk px-1.5">{command.keys}</kbd>
                  )}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function useRunCommands(typed: string): readonly Command[] {
  const q = typed.trim();
  const list = useInfiniteQuery(runListQuery({ q }));
  const navigate = useNavigate();
  return (list.data?.pages[0]?.runs ?? []).slice(0, runsShown).map((run) => ({
    id: run.id,
    title: run.name,
    group: `Run · ${stageLook(run.state).word}`,
    act: () => void navigate({ to: '/runs/$runId', params: { runId: run.id } }),
  }));
}

/** Every word of it somewhere in the command's own. */
function fits({ title, group }: Command, typed: string): boolean {
  const all = `${title} ${group}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
