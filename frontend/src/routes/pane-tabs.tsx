import { requirementViews, type RunState } from '@devfactory/contracts';
import { useRunPlace, type Pane } from '../place/run-place.ts';

/** Below 900 px: which pane is in sight. */
export function PaneTabs({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const pane = place.pane ?? 'activity';
  const proven = requirementViews(state).filter((view) => view.status === 'proven').length;
  const tabs: readonly { readonly pane: Pane; readonly label: string }[] = [
    { pane: 'reqs', label: `Reqs ${proven}/${state.requirements.length}` },
    { pane: 'activity', label: 'Activity' },
    { pane: 'work', label: place.view === undefined || place.view === 'changes' ? 'Changes' : 'Workspace' },
    { pane: 'more', label: 'More' },
  ];
  return (
    <nav
      aria-label="Parts of the run"
      className="grid shrink-0 grid-cols-4 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] wide:hidden"
    >
      {tabs.map((tab) => (
        <button
          key={tab.pane}
          type="button"
          aria-current={tab.pane === pane ? 'page' : undefined}
          onClick={() => go({ pane: tab.pane === 'activity' ? undefined : tab.pane })}
          className="min-h-[52px] text-small text-ink-2 -outline-offset-2 aria-[current]:font-semibold aria-[current]:text-accent aria-[current]:shadow-[inset_0_2px_var(--accent)]"
        >
          {tab.label}
        </button>
      ))}
    </nav>
  );
}
