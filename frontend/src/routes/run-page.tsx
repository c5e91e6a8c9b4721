import { requirementViews, type RunState } from '@devfactory/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { useRun } from '../api/use-run.ts';
import { useCommands } from '../components/shell/commands.ts';
import { useKeys } from '../components/shell/keys.ts';
import { useTitle } from '../components/shell/title.ts';
import { Button } from '../components/ui/button.tsx';
import { LiveNote } from '../components/ui/live-note.tsx';
import { Activity } from '../features/activity/activity.tsx';
import { CheckpointStrip } from '../features/checkpoints/checkpoint-strip.tsx';
import { Composer } from '../features/composer/composer.tsx';
import { GuidanceLine } from '../features/guidance/guidance-line.tsx';
import { PlanReview } from '../features/plan/plan-review.tsx';
import { OpenQuestions } from '../features/questions/open-questions.tsx';
import { RequirementList } from '../features/requirements/requirement-list.tsx';
import { ReviewCall } from '../features/review/review-call.tsx';
import { RunHeader } from '../features/run-header/run-header.tsx';
import { useRunPlace, views } from '../place/run-place.ts';
import { fullMoment } from '../words/format.ts';
import { stageWords } from '../words/stage-words.ts';
import { ConnectionStrip } from './connection-strip.tsx';
import { PaneTabs } from './pane-tabs.tsx';
import { RunMore } from './run-more.tsx';
import { Workspace } from './workspace.tsx';

interface Props {
  readonly run: ReturnType<typeof useRun>;
  readonly state: RunState;
}

/** The run view. Wide: requirements, activity, workspace side by side; below 1200 px requirements are a drawer; below 900 px one pane at a time. */
export function RunPage({ run, state }: Props) {
  const { place, go } = useRunPlace();
  const stage = stageWords(state);
  const pane = place.pane ?? 'activity';
  useTitle(`${stage.needsPerson ? '● ' : ''}${state.name}`);
  useRunKeys(state);
  const only = (name: typeof pane): string => (pane === name ? 'flex' : 'max-wide:hidden flex');
  return (
    <div className="flex h-full flex-col">
      <RunHeader state={state} />
      <ConnectionStrip run={run} />
      <LiveNote text={`${stage.word}. ${state.stage.name === 'waiting' ? stage.sentence : ''}`} />
      <div
        className={`relative grid min-h-0 flex-1 grid-cols-1 grid-rows-[minmax(0,1fr)] ${place.wide ? '' : 'wide:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] full:grid-cols-[312px_minmax(0,1fr)_minmax(480px,40%)]'}`}
      >
        {pane === 'reqs' && (
          <button
            type="button"
            aria-label="Close the requirements"
            onClick={() => go({ pane: undefined })}
            className="absolute inset-0 z-20 hidden bg-shade wide:block full:hidden"
          />
        )}
        <div
          className={`${pane === 'reqs' ? 'flex' : place.wide ? 'hidden' : 'hidden full:flex'} min-h-0 min-w-0 flex-col border-line bg-bg wide:max-full:absolute wide:max-full:inset-y-0 wide:max-full:left-0 wide:max-full:z-30 wide:max-full:w-[360px] wide:max-full:shadow-overlay full:border-r`}
        >
          <RequirementList state={state} />
        </div>
        <div
          className={`${only('activity')} ${place.wide ? 'wide:hidden' : ''} min-h-0 min-w-0 flex-col border-line wide:border-r`}
        >
          <Centre run={run} state={state} />
        </div>
        <div className={`${only('work')} min-h-0 min-w-0 flex-col bg-panel`}>
          <Workspace run={run} state={state} />
        </div>
        {pane === 'more' && (
          <div className="min-h-0 overflow-auto wide:hidden">
            <RunMore state={state} />
          </div>
        )}
      </div>
      <div className="max-wide:hidden">
        <CheckpointStrip state={state} />
      </div>
      <PaneTabs state={state} />
    </div>
  );
}

/** What happens, or the plan while it waits to be approved; below it what one can say. */
function Centre({ run, state }: Props) {
  const [reading, setReading] = useState(false);
  const planWaits = state.stage.name === 'waiting' && state.stage.for === 'plan-approval';
  const inReview = state.stage.name === 'waiting' && state.stage.for === 'review';
  if (planWaits && !reading && !state.archived) {
    return (
      <>
        <div className="flex justify-end px-3.5 pt-1.5">
          <Button look="quiet" onClick={() => setReading(true)}>
            Show the activity
          </Button>
        </div>
        <GuidanceLine state={state} />
        <PlanReview state={state} />
      </>
    );
  }
  return (
    <>
      <GuidanceLine state={state} />
      <Activity state={state} events={run.events} whole={run.whole} />
      {state.archived && <ArchivedNote archived={state.archived} />}
      {planWaits && !state.archived && (
        <div className="flex items-center gap-3 border-t border-line bg-warn-wash px-3.5 py-2">
          <span className="flex-1 font-medium">The plan waits for your approval.</span>
          <Button look="primary" onClick={() => setReading(false)}>
            Read the plan
          </Button>
        </div>
      )}
      {!state.archived && (
        <>
          {inReview && <ReviewCall state={state} />}
          <OpenQuestions state={state} />
          <Composer state={state} />
        </>
      )}
    </>
  );
}

function ArchivedNote({ archived: { at, kept } }: { readonly archived: NonNullable<RunState['archived']> }) {
  return (
    <p className="shrink-0 border-t border-line bg-panel px-3.5 py-3 text-ink-2">
      <b className="font-semibold text-ink">Archived {fullMoment(at)}.</b> Its log and proof can be read; it takes no
      more words.{' '}
      {kept.length === 0
        ? 'No checkpoint was kept.'
        : `Kept: ${kept.join(', ')}. A new run can be forked from ${kept.length === 1 ? 'it' : 'each of them'}.`}
    </p>
  );
}

function useRunKeys(state: RunState): void {
  const { place, go } = useRunPlace();
  const stepBy = (by: number): void => {
    const steps = state.steps.map((step) => step.step);
    const at = place.step === undefined ? (by > 0 ? -1 : steps.length) : steps.indexOf(place.step);
    const next = steps[Math.min(steps.length - 1, Math.max(0, at + by))];
    if (next !== undefined) go({ step: next }, { replace: true });
  };
  const checkpointBy = (by: number): void => {
    const ids = state.checkpoints.map((item) => item.id);
    const next = ids[ids.indexOf(place.ck ?? state.head ?? '') + by];
    if (next !== undefined) go({ ck: next === state.head ? undefined : next }, { replace: true });
  };
  const nextFailing = (): void => {
    const failing = requirementViews(state)
      .filter((view) => view.status === 'failing')
      .map((view) => view.id);
    const next = failing[(failing.indexOf(place.req ?? '') + 1) % failing.length];
    if (next !== undefined) go({ req: next, view: 'evidence' });
  };
  useRunCommands(state);
  useKeys({
    j: () => stepBy(1),
    k: () => stepBy(-1),
    '[': () => checkpointBy(-1),
    ']': () => checkpointBy(1),
    w: () => go({ wide: place.wide ? undefined : true }, { replace: true }),
    x: () => go({ fails: place.fails ? undefined : true }, { replace: true }),
    f: nextFailing,
    '/': () => {
      go({ view: 'log', pane: 'work' });
      focusSoon('#log-search');
    },
    c: () => focusSoon('#feedback'),
    a: () => focusSoon('[aria-label="Questions for you"] :is(button, input, textarea)'),
    Escape: place.pane === 'reqs' ? () => go({ pane: undefined }) : undefined,
    ...Object.fromEntries(views.map((view, index) => [String(index + 1), () => go({ view, pane: 'work' })])),
  });
}

function useRunCommands(state: RunState): void {
  const { place, go } = useRunPlace();
  const navigate = useNavigate();
  useCommands([
    ...views.map((view, index) => ({
      id: view,
      title: `${view.charAt(0).toUpperCase()}${view.slice(1)}`,
      group: 'This run',
      keys: String(index + 1),
      act: () => go({ view, pane: 'work' }),
    })),
    {
      id: 'fails',
      title: place.fails ? 'Show everything' : 'Failures only',
      group: 'This run',
      keys: 'x',
      act: () => go({ fails: place.fails ? undefined : true }),
    },
    {
      id: 'deliver',
      title: 'Deliver…',
      group: 'This run',
      act: () => void navigate({ to: '/runs/$runId/deliver', params: { runId: state.id } }),
    },
    {
      id: 'search-log',
      title: 'Search the log',
      group: 'This run',
      keys: '/',
      act: () => go({ view: 'log', pane: 'work' }),
    },
    ...state.requirements.map(({ id, text }) => ({
      id,
      title: `${id} ${text}`,
      group: 'Requirement',
      act: () => go({ req: id, view: 'evidence', pane: 'work' }),
    })),
  ]);
}

/** After the next picture, for it may not be there yet. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}
