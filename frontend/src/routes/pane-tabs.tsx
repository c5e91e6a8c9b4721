import { requirementViews, type RunState } from '@devfactory/contracts';
import { useRunPlace, type Pane, type View } from '../place/run-place.ts';

/**
 * Below 900 px: which pane is in sight. Names and places of the tabs never change; what has no tab of its own belongs to
 * the one that leads to it, as evidence to its requirement and files to the rest.
 */
const shelf: Record<View, Pane> = {
  changes: 'work',
  evidence: 'reqs',
  files: 'more',
  log: 'more',
  terminal: 'more',
  ide: 'more',
  preview: 'more',
};

export function PaneTabs({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const pane = place.pane === 'work' ? shelf[place.view ?? 'changes'] : (place.pane ?? 'activity');
  const proven = requirementViews(state).filter((view) => view.status === 'proven').length;
  const tabs = [
    { pane: 'reqs', label: `Reqs ${proven}/${state.requirements.length}`, to: { pane: 'reqs' } },
    { pane: 'activity', label: 'Activity', to: { pane: undefined } },
    { pane: 'work', label: 'Changes', to: { pane: 'work', view: 'changes' } },
    { pane: 'more', label: 'More', to: { pane: 'more' } },
  ] as const;
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
          onClick={() => go(tab.to)}
          className="min-h-[52px] text-small text-ink-2 -outline-offset-2 aria-[current]:font-semibold aria-[current]:text-accent aria-[current]:shadow-[inset_0_2px_var(--accent)]"
        >
          {tab.label}
        </button>
      ))}
    </nav>
  );
}
