import { requirementViews, type RequirementView, type RunState } from '@devfactory/contracts';
import { useMemo } from 'react';
import { AddRequirement } from '../../components/add-requirement.tsx';
import { Blank } from '../../components/ui/blank.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { toneText } from '../../components/ui/pill.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { countStandings, evidenceLine, failureLine, standingOf } from '../../words/requirement-words.ts';
import { PlanNote } from './plan-note.tsx';

const segments = { ok: 'bg-ok', bad: 'bg-bad', warn: 'bg-warn', run: 'bg-accent', none: 'bg-line-strong/45' } as const;

/** What was asked, and what of it is proven. */
export function RequirementList({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const views = useMemo(() => requirementViews(state), [state]);
  const proven = views.filter((view) => view.status === 'proven').length;
  return (
    <section aria-labelledby="requirements-heading" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-baseline gap-2 px-3.5 pt-2.5 pb-2">
        <h2 id="requirements-heading" className="font-semibold">
          Requirements
        </h2>
        <p className="ml-auto text-small text-ink-3">{views.length > 0 && `${proven} of ${views.length} proven`}</p>
      </div>
      {views.length > 0 && (
        <div aria-hidden="true" className="mx-3.5 mb-2 flex h-1.5 shrink-0 gap-0.5 overflow-hidden rounded-full">
          {countStandings(views).map(({ standing, count }) => (
            <span key={standing.word} className={segments[standing.tone]} style={{ flexGrow: count }} />
          ))}
        </div>
      )}
      <Scroll label="Requirements with their status" className="min-h-0 flex-1 px-2 pb-2">
        {views.length === 0 && (
          <Blank title="No requirements yet">The plan will propose them, each with a check.</Blank>
        )}
        <ul>
          {views.map((view) => (
            <Item
              key={view.id}
              view={view}
              cannot={state.requirements.find((item) => item.id === view.id)?.cannot}
              proposed={state.checks.filter((check) => check.requirementId === view.id).length}
              chosen={place.req === view.id}
              onChoose={() => go({ req: view.id, view: 'evidence', pane: 'work' })}
            />
          ))}
        </ul>
        {state.stage.name !== 'cancelled' && !state.archived && (
          <AddRequirement runId={state.id} field="new-requirement" />
        )}
      </Scroll>
      <PlanNote state={state} />
    </section>
  );
}

interface ItemProps {
  readonly view: RequirementView;
  readonly cannot: string | undefined;
  readonly proposed: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Item({ view, cannot, proposed, chosen, onChoose }: ItemProps) {
  const standing = standingOf(view);
  const failure = failureLine(view);
  return (
    <li>
      <button
        type="button"
        aria-current={chosen ? 'true' : undefined}
        onClick={onChoose}
        className="grid w-full grid-cols-[18px_minmax(0,1fr)] gap-x-2.5 rounded-lg px-2 py-[7px] text-left hover:bg-panel aria-[current]:bg-panel aria-[current]:shadow-[0_0_0_1px_var(--line)]"
      >
        <Mark shape={standing.shape} tone={standing.tone} className="mt-px" />
        <span className="min-w-0">
          <span className={`break-words ${standing.shape === 'struck' ? 'text-ink-2 line-through' : ''}`}>
            <span className="mono-tiny mr-1 inline-block text-ink-3">{view.id}</span>
            {view.text}
          </span>
          <span className="flex flex-wrap gap-x-1.5 text-small text-ink-2">
            <span className={standing.tone === 'none' ? '' : `${toneText[standing.tone]} font-medium`}>
              {standing.word}
            </span>
            <span>· {evidenceLine(view, proposed)}</span>
          </span>
          {failure && (
            <span className="mono-tiny mt-0.5 line-clamp-2 text-ink-2 wrap-anywhere" title={failure}>
              {failure}
            </span>
          )}
          {cannot && <span className="mt-0.5 block text-small text-ink-2">The agent cannot: {cannot}</span>}
        </span>
      </button>
    </li>
  );
}
