import { requirementViews, type RunState } from '@devfactory/contracts';
import { Link } from '@tanstack/react-router';
import { ThemeMenu } from '../components/shell/theme-menu.tsx';
import { Button } from '../components/ui/button.tsx';
import { CheckpointList } from '../features/checkpoints/checkpoint-list.tsx';
import { RunControls } from '../features/run-header/run-controls.tsx';
import { useRunPlace, views } from '../place/run-place.ts';

/** What has no place of its own on a small screen. */
export function RunMore({ state }: { readonly state: RunState }) {
  const { go } = useRunPlace();
  const proven = requirementViews(state).filter((view) => view.status === 'proven').length;
  return (
    <div className="grid gap-5 px-4 py-4">
      <section aria-label="Actions" className="flex flex-wrap gap-2">
        <RunControls state={state} proven={`${proven}/${state.requirements.length}`} />
      </section>
      <section aria-label="Views" className="flex flex-wrap gap-2">
        {views.map((view) => (
          <Button key={view} className="capitalize" onClick={() => go({ view, pane: 'work' })}>
            {view}
          </Button>
        ))}
      </section>
      <CheckpointList state={state} />
      <section aria-label="Elsewhere" className="flex items-center gap-2 border-t border-line pt-3">
        <Link to="/runs" className="tap inline-flex items-center px-2 text-accent underline underline-offset-2">
          All runs
        </Link>
        <Link to="/" className="tap inline-flex items-center px-2 text-accent underline underline-offset-2">
          New run
        </Link>
        <ThemeMenu className="tap ml-auto flex items-center gap-2 rounded-md px-2.5 text-ink-2 [&_svg]:size-4" />
      </section>
    </div>
  );
}
