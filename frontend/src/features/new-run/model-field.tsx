import { useQuery } from '@tanstack/react-query';
import { modelsQuery } from '../../api/models.ts';
import { modelNote } from '../../words/model-words.ts';
import type { Draft } from './draft.ts';
import { ModelChoice } from './model-choice.tsx';

interface Props {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

/** Which model the agent asks: the default, or one for this run. */
export function ModelField({ draft, change, fault }: Props & { readonly fault: string | undefined }) {
  const { data } = useQuery(modelsQuery);
  const ref = draft.model.trim() || (data?.defaultModel ?? '');
  const card = data?.models.find((model) => model.ref === ref);
  const note = card ? modelNote(card) : 'What the agent calls.';
  const isOwn = draft.model !== '' && data?.defaultModel;
  return (
    <ModelChoice
      id="model"
      label="Model"
      value={ref}
      none="Choose a model…"
      title="Which model?"
      description="For this run. The default is set in the settings."
      note={draft.model === '' && ref !== '' ? `The default. ${note}` : note}
      fault={fault}
      undo={isOwn ? { label: 'Take the default', act: () => change({ model: '' }) } : null}
      onChoose={(model) => change({ model })}
    />
  );
}

/** A second model that holds checks out from the words of each requirement; nothing where no model is set up. */
export function ChecksModelField({ draft, change }: Props) {
  const { data } = useQuery(modelsQuery);
  if (draft.checksModel === '' && !data?.models.length) return <></>;
  return (
    <ModelChoice
      id="checks-model"
      label="Second model for held-out checks"
      value={draft.checksModel}
      none="None: visible checks only"
      title="Which second model?"
      description="It reads the words of each requirement and nothing else, and holds checks out that the agent is never shown."
      note={
        draft.checksModel === ''
          ? 'It would write checks that the agent never sees, from each requirement’s words alone. Best another model than the agent’s.'
          : 'Its checks are never shown to the agent. What it costs counts towards the budget.'
      }
      undo={draft.checksModel === '' ? null : { label: 'None', act: () => change({ checksModel: '' }) }}
      onChoose={(checksModel) => change({ checksModel })}
    />
  );
}
