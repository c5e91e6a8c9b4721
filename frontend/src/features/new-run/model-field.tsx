import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { modelsQuery } from '../../api/models.ts';
import { LazyModelPicker } from '../../components/models/lazy-model-picker.ts';
import { Button } from '../../components/ui/button.tsx';
import { modelNote } from '../../words/model-words.ts';
import type { Draft } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly fault: string | undefined;
}

/** Which model the agent asks: the default, or one for this run. */
export function ModelField({ draft, change, fault }: Props) {
  const { data } = useQuery(modelsQuery);
  const [open, setOpen] = useState(false);
  const ref = draft.model.trim() || (data?.defaultModel ?? '');
  const card = data?.models.find((model) => model.ref === ref);
  const note = card ? modelNote(card) : 'What the agent calls.';
  return (
    <div className="grid content-start gap-1">
      <span id="model-label" className="font-medium">
        Model
      </span>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          id="model"
          aria-labelledby="model-label model"
          aria-describedby="model-note"
          onClick={() => setOpen(true)}
          className="mono max-w-full whitespace-normal break-all"
        >
          {ref === '' ? 'Choose a model…' : ref}
        </Button>
        {draft.model !== '' && data?.defaultModel && (
          <Button look="quiet" onClick={() => change({ model: '' })}>
            Take the default
          </Button>
        )}
      </div>
      <p id="model-note" className={`text-small ${fault ? 'text-bad' : 'text-ink-3'}`}>
        {fault ?? (draft.model === '' && ref !== '' ? `The default. ${note}` : note)}
      </p>
      {open && (
        <Suspense fallback={null}>
          <LazyModelPicker
            title="Which model?"
            description="For this run. The default is set in the settings."
            value={ref}
            onClose={() => setOpen(false)}
            onChoose={(model) => {
              change({ model });
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
