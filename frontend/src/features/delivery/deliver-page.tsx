import { headTree, type RunState } from '@devfactory/contracts';
import { Link } from '@tanstack/react-router';
import { useTitle } from '../../components/shell/title.ts';
import { Mark } from '../../components/ui/mark.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { shortDigest } from '../../words/format.ts';
import { evidenceLine, standingOf } from '../../words/requirement-words.ts';
import { stageWords } from '../../words/stage-words.ts';
import { ApproveForm } from './approve-form.tsx';
import { Deliveries } from './deliveries.tsx';
import { gates } from './gates.ts';
import { WhatGoes } from './what-goes.tsx';

/** The last look: what is proven, what goes, and where to. Approving binds to the source tree shown here. */
export function DeliverPage({ state }: { readonly state: RunState }) {
  useTitle(`Deliver ${state.name}`);
  const tree = state.approval?.tree ?? headTree(state);
  const checkpoint = state.approval?.checkpointId ?? state.head;
  const gate = gates(state, tree);
  const stage = stageWords(state);
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-[1120px] px-5 pt-6 pb-16">
        <p className="text-ink-3">
          <Link to="/runs" className="hover:underline">
            Runs
          </Link>{' '}
          /{' '}
          <Link to="/runs/$runId" params={{ runId: state.id }} className="hover:underline">
            {state.name}
          </Link>
        </p>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-display font-semibold tracking-[-0.02em]">Deliver</h1>
          <Pill tone={stage.tone}>
            <Mark shape={stage.shape} tone={stage.tone} size={13} />
            {stage.word}
          </Pill>
        </div>
        <p className="mt-1 text-ink-2">
          {tree && checkpoint ? (
            <>
              Source tree <code title={tree}>{shortDigest(tree)}</code> of {checkpoint}.{' '}
              {state.approval
                ? 'Exactly this tree was approved.'
                : 'What you approve is exactly this tree; if it changes, the approval ends.'}
            </>
          ) : (
            'There is nothing to deliver yet.'
          )}
        </p>
        <div className="mt-6 grid grid-cols-[minmax(0,1fr)] items-start gap-6 full:grid-cols-[minmax(0,1fr)_minmax(0,420px)]">
          <div className="grid gap-6">
            <Deliveries state={state} />
            <ApproveForm state={state} tree={tree} gate={gate} />
            <Requirements gate={gate} runId={state.id} />
          </div>
          {checkpoint && <WhatGoes runId={state.id} checkpoint={checkpoint} tree={tree} />}
        </div>
      </div>
    </div>
  );
}

function Requirements({ gate, runId }: { readonly gate: ReturnType<typeof gates>; readonly runId: string }) {
  return (
    <section aria-labelledby="deliver-requirements">
      <h2 id="deliver-requirements" className="mb-1.5 text-lead font-semibold">
        Requirements · {gate.views.length - gate.open.length} of {gate.views.length} proven
      </h2>
      <ul className="rounded-lg border border-line bg-panel">
        {[...gate.open, ...gate.views.filter((view) => view.status === 'proven')].map((view) => {
          const standing = standingOf(view);
          return (
            <li key={view.id} className="border-b border-line last:border-0">
              <Link
                to="/runs/$runId"
                params={{ runId }}
                search={{ view: 'evidence', req: view.id, pane: 'work' }}
                className="grid grid-cols-[18px_minmax(0,1fr)] gap-x-2.5 px-3.5 py-2 -outline-offset-2 hover:bg-bg"
              >
                <Mark shape={standing.shape} tone={standing.tone} className="mt-px" />
                <span className="min-w-0">
                  <span className="break-words">
                    <span className="mono-tiny mr-1 text-ink-3">{view.id}</span> {view.text}
                  </span>
                  <span className="block text-small text-ink-2">
                    {standing.word} · {evidenceLine(view)}
                  </span>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
