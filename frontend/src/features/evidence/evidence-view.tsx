import {
  countedChecks,
  effortByRequirement,
  headTree,
  requirementViews,
  type RequirementView,
  type RunState,
} from '@devfactory/contracts';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Blank } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { toneText } from '../../components/ui/pill.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { standingOf } from '../../words/requirement-words.ts';
import { CheckCard } from './check-card.tsx';
import { EffortLine } from './effort-line.tsx';
import { MarkDialog, type MarkKind } from './mark-dialog.tsx';

const HeldOutDialog = lazy(() => import('./held-out-dialog.tsx').then((part) => ({ default: part.HeldOutDialog })));

/** Why a requirement has the status it has: each check, what it asks, and what came out on which tree. */
export function EvidenceView({ state }: { readonly state: RunState }) {
  const { place, go } = useRunPlace();
  const views = useMemo(() => requirementViews(state), [state]);
  const chosen =
    views.find((view) => view.id === place.req) ?? views.find((view) => view.status === 'failing') ?? views[0];
  if (!chosen)
    return (
      <Blank title="No evidence yet">
        Once the plan is approved, the clean verifier runs each check, first on the code before the work.
      </Blank>
    );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3.5 py-2">
        <label htmlFor="evidence-of" className="sr-only">
          Requirement
        </label>
        <select
          id="evidence-of"
          value={chosen.id}
          onChange={(event) => go({ req: event.target.value })}
          className="tap min-w-0 flex-1 truncate rounded-md border border-line bg-panel px-2"
        >
          {views.map((view) => (
            <option key={view.id} value={view.id}>
              {view.id} · {standingOf(view).word} · {view.text}
            </option>
          ))}
        </select>
      </div>
      <Scroll label={`Evidence of ${chosen.id}`} className="min-h-0 flex-1 px-4 py-3">
        <Chosen key={chosen.id} view={chosen} state={state} />
      </Scroll>
    </div>
  );
}

function Chosen({ view, state }: { readonly view: RequirementView; readonly state: RunState }) {
  const [marking, setMarking] = useState<MarkKind | null>(null);
  const [holding, setHolding] = useState(false);
  const standing = standingOf(view);
  const requirement = state.requirements.find((item) => item.id === view.id);
  const locked = new Map(countedChecks(state).map((check) => [check.id, check]));
  const proposed = state.checks.filter((check) => check.requirementId === view.id && !locked.has(check.id));
  const tree = headTree(state);
  const effort = useMemo(() => effortByRequirement(state).get(view.id), [state, view.id]);
  const live = state.stage.name !== 'cancelled' && !state.archived;
  const open = view.status !== 'proven' && live;
  return (
    <>
      <h2 className="text-lead font-semibold break-words">
        <span className="mono-tiny mr-2 text-ink-3">{view.id}</span>
        {view.text}
      </h2>
      <div className="mt-2 flex gap-2.5">
        <Mark shape={standing.shape} tone={standing.tone} className="mt-px" />
        <p className="min-w-0 text-pretty break-words">
          <b className={`font-semibold ${toneText[standing.tone]}`}>{standing.word}.</b>{' '}
          <span className="text-ink-2">{standing.meaning}</span>
          {view.checks.length > 0 && !view.heldOut && (
            <span className="text-ink-3"> Visible checks only: the agent was shown each of them.</span>
          )}
        </p>
      </div>
      {effort && <EffortLine effort={effort} />}
      {requirement?.cannot && (
        <p className="mt-2 rounded-lg border border-line bg-sunk px-3 py-2">
          <span className="font-medium">The agent says it cannot meet this:</span>{' '}
          <span className="text-ink-2">{requirement.cannot}</span>
        </p>
      )}
      <div className="mt-3 grid gap-3">
        {view.checks
          .toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
          .map((check) => (
            <CheckCard key={check.id} check={check} locked={locked.get(check.id)} runId={state.id} live={live} />
          ))}
        {proposed.length > 0 && (
          <p className="text-ink-2">
            Proposed, not locked yet: {proposed.map((check) => `${check.id} ${check.title}`).join('; ')}
          </p>
        )}
        {view.checks.length === 0 && proposed.length === 0 && (
          <p className="text-ink-2">No check belongs to it, so nothing can prove it.</p>
        )}
      </div>
      {live && (
        <p className="mt-3">
          <button
            type="button"
            className="min-h-6 text-accent underline underline-offset-2"
            onClick={() => setHolding(true)}
          >
            Hold out a check…
          </button>{' '}
          <span className="text-small text-ink-3">One that no agent is shown.</span>
        </p>
      )}
      {holding && (
        <Suspense fallback={null}>
          <HeldOutDialog view={view} runId={state.id} onClose={() => setHolding(false)} />
        </Suspense>
      )}
      {open && (
        <div className="mt-4 flex flex-wrap items-center gap-2 border-t border-line pt-3">
          <Button onClick={() => setMarking('waive')}>Waive…</Button>
          <Button disabled={tree === null} onClick={() => setMarking('accept')}>
            Accept by hand…
          </Button>
          <span className="text-small text-ink-3">Shown as your word, never as proven.</span>
        </div>
      )}
      <MarkDialog kind={marking} view={view} runId={state.id} tree={tree} onClose={() => setMarking(null)} />
    </>
  );
}
