import { refuseCommand, type Requirement, type RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { AddRequirement } from '../../components/add-requirement.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Clipped } from '../../components/ui/clipped.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { takeFocus } from '../../components/ui/take-focus.ts';
import { counted } from '../../words/format.ts';
import { PlanItem } from './plan-item.tsx';

const changedWords = 'Requirements were added or reworded. Give each of them checks for what it says now.';

/** The plan, before any work: each requirement with the checks that will prove it. Approval locks the checks. */
export function PlanReview({ state }: { readonly state: RunState }) {
  const approve = useCommand(state.id);
  const [returning, setReturning] = useState(false);
  const version = state.plan.proposed;
  const unchecked = state.requirements.filter((item) => !state.checks.some((check) => check.requirementId === item.id));
  const refusal = refuseCommand(state, { do: 'approve-plan', version });
  return (
    <section aria-labelledby="plan-review-title" className="flex min-h-0 flex-1 flex-col">
      <Scroll label="The plan" className="min-h-0 flex-1 px-4.5 pt-3 pb-4">
        <h2 id="plan-review-title" className="text-title font-semibold">
          Plan {version}: is this what you want?
        </h2>
        <p className="mt-1 text-pretty text-ink-2">
          {counted(state.requirements.length, 'requirement')}, {counted(state.checks.length, 'check')}. Approving locks
          the checks: from then on the agent cannot reach them, and only they decide what is proven.
        </p>
        {state.plan.summary && (
          <Clipped text={state.plan.summary} className="mt-2 border-l-2 border-line pl-3 text-ink-2" />
        )}
        {unchecked.length > 0 && (
          <p className="mt-2 text-ink-2">
            <span className="font-medium text-warn">{counted(unchecked.length, 'requirement')} without a check</span>:{' '}
            {unchecked.map((item) => item.id).join(', ')}. Nothing can prove {unchecked.length === 1 ? 'it' : 'them'},
            and the run will wait for you at the end.
          </p>
        )}
        <ol className="mt-3 grid gap-2">
          {state.requirements.map((requirement, at) => (
            <PlanItem
              key={requirement.id}
              requirement={requirement}
              checks={state.checks.filter((check) => check.requirementId === requirement.id)}
              runId={state.id}
              above={mergeable(state.requirements[at - 1], requirement)}
            />
          ))}
        </ol>
        <div className="mt-2 full:hidden">
          <AddRequirement runId={state.id} field="new-plan-requirement" />
        </div>
      </Scroll>
      <div className="shrink-0 border-t border-line bg-panel px-3.5 py-3">
        {approve.error && (
          <Failure
            what={approve.variables?.do === 'return-plan' ? 'The plan was not sent back' : 'The plan was not approved'}
            error={approve.error}
            className="mb-2"
          />
        )}
        {returning ? (
          <ReturnForm state={state} onDone={() => setReturning(false)} />
        ) : (
          <div className="flex flex-wrap items-center gap-2">
            {state.plan.stale ? (
              <Button
                look="primary"
                busy={approve.isPending}
                onClick={() => approve.mutate({ do: 'return-plan', version, feedback: changedWords })}
              >
                Send back for new checks
              </Button>
            ) : (
              <Button
                look="primary"
                busy={approve.isPending || refusal !== null}
                onClick={() => approve.mutate({ do: 'approve-plan', version })}
              >
                Approve plan and start
              </Button>
            )}
            <Button onClick={() => setReturning(true)}>Send back…</Button>
            <span className="min-w-0 flex-1 basis-40 text-small text-ink-2">
              {state.plan.stale
                ? 'You changed requirements: they need checks before the plan can be approved.'
                : refusal?.message}
            </span>
          </div>
        )}
      </div>
    </section>
  );
}

/** Tests that came with the source are what they are. */
function mergeable(above: Requirement | undefined, { origin }: Requirement): Requirement | null {
  return above && above.origin !== 'source' && origin !== 'source' ? above : null;
}

function ReturnForm({ state, onDone }: { readonly state: RunState; readonly onDone: () => void }) {
  const [words, setWords] = useState('');
  const send = useCommand(state.id);
  const submit = (): void => {
    if (words.trim() === '') return document.getElementById('plan-feedback')?.focus();
    send.mutate({ do: 'return-plan', version: state.plan.proposed, feedback: words }, { onSuccess: onDone });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor="plan-feedback" className="font-medium">
        What should be different?
      </label>
      <textarea
        id="plan-feedback"
        ref={takeFocus}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        className="mt-1 field-sizing-content max-h-48 min-h-[58px] w-full resize-none rounded-lg border border-line-strong bg-bg px-2.5 py-2"
      />
      {send.error && <Failure what="The plan was not sent back" error={send.error} className="my-2" />}
      <div className="mt-1.5 flex justify-end gap-2">
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" look="primary" busy={send.isPending}>
          Send back
        </Button>
      </div>
    </form>
  );
}
