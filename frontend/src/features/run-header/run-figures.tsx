import type { RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState, type ReactNode } from 'react';
import { modelsQuery } from '../../api/models.ts';
import { useCommand } from '../../api/queries.ts';
import { LazyModelPicker } from '../../components/models/lazy-model-picker.ts';
import { useCommands } from '../../components/shell/commands.ts';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Meter } from '../../components/ui/meter.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { shortModel } from '../../words/model-words.ts';
import { money, usageDetail } from '../../words/usage-words.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import { Elapsed } from './elapsed.tsx';

const figureButton = 'min-h-6 underline decoration-line-strong underline-offset-2 hover:decoration-current';

/** Time, money, how full the model is, and who works; model and budget can be changed between turns and during them. */
export function RunFigures({ state }: { readonly state: RunState }) {
  const [open, setOpen] = useState<'model' | 'budget' | null>(null);
  const command = useCommand(state.id);
  const { model, usage, budgetUsd, contextTokens } = state;
  const { data } = useQuery({ ...modelsQuery, enabled: model !== null });
  const holds = data?.models.find((card) => card.ref === model)?.figures.contextTokens ?? null;
  const changeable = model !== null && state.stage.name !== 'cancelled' && state.archived === null;
  useCommands(
    changeable
      ? [
          { id: 'model', title: 'Choose another model…', group: 'This run', act: () => setOpen('model') },
          { id: 'budget', title: 'Set the budget…', group: 'This run', act: () => setOpen('budget') },
        ]
      : [],
  );
  const close = (): void => setOpen(null);
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-small text-ink-2 max-wide:order-last max-wide:w-full">
      <Figure name="Elapsed">
        <Elapsed state={state} />
      </Figure>
      {(usage.costUsd > 0 || budgetUsd !== null) && (
        <Figure name="Cost">
          <button
            type="button"
            className={changeable ? figureButton : ''}
            disabled={!changeable}
            title={usageDetail(usage)}
            onClick={() => setOpen('budget')}
          >
            {money(usage.costUsd)}
            {budgetUsd !== null && <span className="font-normal text-ink-2"> of {money(budgetUsd)}</span>}
          </button>
          {budgetUsd !== null && <Meter label="Budget used" value={usage.costUsd} most={budgetUsd} />}
        </Figure>
      )}
      {usage.inputTokens + usage.outputTokens > 0 && (
        <Figure name="Tokens">
          <span title={usageDetail(usage)}>{(usage.inputTokens + usage.outputTokens).toLocaleString('en')}</span>
        </Figure>
      )}
      {contextTokens > 0 && (
        <Figure name="Context">
          <span
            title={`${contextTokens.toLocaleString('en')} tokens${holds === null ? '' : ` of ${holds.toLocaleString('en')}`}`}
          >
            {holds === null
              ? `${contextTokens.toLocaleString('en')} tokens`
              : `${Math.round((100 * contextTokens) / holds)} %`}
          </span>
          {holds !== null && <Meter label="Context used" value={contextTokens} most={holds} />}
        </Figure>
      )}
      <Figure name="Agent">
        {state.agent}
        {model !== null && (
          <>
            {', '}
            <button
              type="button"
              className={changeable ? figureButton : ''}
              disabled={!changeable}
              title={`${model}; choose another`}
              onClick={() => setOpen('model')}
            >
              {shortModel(model)}
            </button>
          </>
        )}
      </Figure>
      {open === 'model' && (
        <Suspense fallback={null}>
          <LazyModelPicker
            title="Which model goes on?"
            description="The next step asks it. What was said so far goes with it."
            value={model ?? ''}
            onClose={close}
            onChoose={(ref) => command.mutate({ do: 'choose-model', model: ref }, { onSettled: close })}
          />
        </Suspense>
      )}
      {open === 'budget' && <BudgetDialog state={state} onClose={close} />}
      <Dialog open={command.isError} onClose={() => command.reset()} title="The model was not changed">
        <Failure what="The server’s words" error={command.error} />
      </Dialog>
    </dl>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt>{name}</dt>
      <dd className="flex gap-1.5 font-semibold text-ink">{children}</dd>
    </div>
  );
}
