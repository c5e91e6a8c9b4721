import { Tabs } from '@base-ui/react/tabs';
import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { terminalsQuery, useCloseTerminal, useOpenTerminal } from '../../api/terminals.ts';
import { Blank, Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { Failure } from '../../components/ui/notice.tsx';

const TerminalScreen = lazy(() => import('./terminal-screen.tsx').then((part) => ({ default: part.TerminalScreen })));

/** Before the screen is measured; it is told its real size as soon as it stands. */
const firstSize = { cols: 100, rows: 30 };

/** A person's shells in the run's sandbox, on the files that the agent works on. */
export function TerminalView({ runId }: { readonly runId: string }) {
  const list = useQuery(terminalsQuery(runId));
  const opening = useOpenTerminal(runId);
  const closing = useCloseTerminal(runId);
  const [wanted, setWanted] = useState<string | null>(null);
  const cards = list.data ?? [];
  const open = (): void => opening.mutate(firstSize, { onSuccess: ({ id }) => setWanted(id) });
  const shown = cards.find(({ id }) => id === wanted) ?? cards.at(-1);
  const failure = opening.isError && (
    <Failure what="The terminal could not be opened" error={opening.error} onRetry={open} className="m-3.5" />
  );
  if (list.isPending) return <Skeleton label="Looking for open terminals" />;
  if (list.isError)
    return (
      <Failure
        what="The terminals could not be listed"
        error={list.error}
        onRetry={() => void list.refetch()}
        className="m-3.5"
      />
    );
  if (!shown)
    return (
      <>
        {failure}
        <Blank
          title="A shell in this run’s sandbox"
          action={
            <Button look="primary" busy={opening.isPending} onClick={open}>
              {opening.isPending ? 'Opening the sandbox…' : 'Open a terminal'}
            </Button>
          }
        >
          It works on the same files as the agent, with the same limits and the same way out. It goes on when you close
          this page, and ends after an hour without use.
        </Blank>
      </>
    );
  return (
    <Tabs.Root
      value={shown.id}
      onValueChange={(id: string) => setWanted(id)}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <div className="flex shrink-0 items-center gap-1 border-b border-line px-2.5">
        <Tabs.List aria-label="Terminals" className="flex min-w-0 gap-0.5 overflow-x-auto py-1">
          {cards.map((card) => (
            <Tabs.Tab
              key={card.id}
              value={card.id}
              className="tap rounded-md px-2 py-1 text-small whitespace-nowrap text-ink-2 -outline-offset-2 hover:text-ink data-active:bg-sunk data-active:font-medium data-active:text-ink"
            >
              Terminal {card.number}
              {card.ended && <span className="text-ink-3"> · ended</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <IconButton
          label="New terminal"
          icon={<Plus />}
          onClick={() => !opening.isPending && open()}
          aria-busy={opening.isPending || undefined}
        />
        <IconButton
          label={`Close terminal ${shown.number} and end what runs in it`}
          icon={<X />}
          onClick={() => closing.mutate(shown.id)}
          className="ml-auto"
        />
      </div>
      {failure}
      <Tabs.Panel
        key={shown.id}
        value={shown.id}
        tabIndex={-1}
        className="flex min-h-0 min-w-0 flex-1 flex-col outline-none"
      >
        <Suspense fallback={<Skeleton label="Loading the terminal" />}>
          <TerminalScreen runId={runId} card={shown} onReopen={open} reopening={opening.isPending} />
        </Suspense>
      </Tabs.Panel>
    </Tabs.Root>
  );
}
