import { provenWords, requirementViews, type RunState } from '@devfactory/contracts';
import { Link } from '@tanstack/react-router';
import { buttonClasses } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { evidenceLine, standingOf } from '../../words/requirement-words.ts';

/** The result waits for a person: what is proven, what is not, and the two ways on. */
export function ReviewCall({ state }: { readonly state: RunState }) {
  const { go } = useRunPlace();
  const views = requirementViews(state);
  const open = views.filter((view) => view.status !== 'proven');
  return (
    <section
      aria-labelledby="review-title"
      className="max-h-[48%] shrink-0 overflow-auto border-t border-line bg-panel px-3.5 py-3"
    >
      <div className="flex gap-2.5">
        <Mark shape="corner" tone="warn" className="mt-0.5" />
        <div className="min-w-0 flex-1">
          <h2 id="review-title" className="text-lead font-semibold">
            {provenWords(views.length - open.length, views.length)}
          </h2>
          {open.length > 0 && (
            <ul className="mt-1">
              {open.map((view) => (
                <li key={view.id}>
                  <button
                    type="button"
                    onClick={() => go({ view: 'evidence', req: view.id, pane: 'work' })}
                    className="flex min-h-6 w-full items-baseline gap-2 text-left hover:underline"
                  >
                    <span className="mono-tiny shrink-0 text-ink-3">{view.id}</span>
                    <span className="min-w-0 flex-1 truncate">{view.text}</span>
                    <span className="shrink-0 text-small text-ink-2">
                      {standingOf(view).word} · {evidenceLine(view)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          <div className="mt-2 flex flex-wrap items-center gap-2">
            <Link to="/runs/$runId/deliver" params={{ runId: state.id }} className={buttonClasses('primary')}>
              Review and deliver…
            </Link>
            <span className="text-small text-ink-3">Not right yet? Say below what to change, and it works on.</span>
          </div>
        </div>
      </div>
    </section>
  );
}
