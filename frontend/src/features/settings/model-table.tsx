import type { ModelCard } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { modelsQuery, useDefaultModel, useModelTest } from '../../api/models.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explain } from '../../words/explain.ts';
import { healthNote, modelNote } from '../../words/model-words.ts';
import { FiguresDialog } from './figures-dialog.tsx';

const mostShown = 200;

/** All models that are there, and which one runs take that name none. */
export function ModelTable(): ReactElement {
  const { data } = useQuery(modelsQuery);
  const choose = useDefaultModel();
  const [words, setWords] = useState('');
  const [priced, setPriced] = useState<ModelCard | null>(null);
  const found = (data?.models ?? []).filter((model) => model.ref.toLowerCase().includes(words.trim().toLowerCase()));
  if (data && data.models.length === 0)
    return (
      <p className="text-ink-2">
        No models yet: set up a provider above. Until then runs are made by the blueprint agent.
      </p>
    );
  return (
    <div className="grid gap-2">
      <Field
        id="model-search"
        label="Find a model"
        type="search"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {choose.error && <Notice tone="bad" title={explain(choose.error).detail} />}
      <ul className="max-h-[420px] overflow-auto rounded-lg border border-line">
        {found.slice(0, mostShown).map((model) => (
          <ModelRow
            key={model.ref}
            model={model}
            busy={choose.isPending}
            onChoose={(ref) => choose.mutate(ref)}
            onPrice={() => setPriced(model)}
          />
        ))}
      </ul>
      {found.length > mostShown && (
        <p className="text-small text-ink-3">{found.length - mostShown} more; search for them.</p>
      )}
      {priced && <FiguresDialog model={priced} onClose={() => setPriced(null)} />}
    </div>
  );
}

function ModelRow({
  model,
  busy,
  onChoose,
  onPrice,
}: {
  readonly model: ModelCard;
  readonly busy: boolean;
  readonly onChoose: (ref: string | null) => void;
  readonly onPrice: () => void;
}): ReactElement {
  const test = useModelTest();
  const health = test.error ? explain(test.error).detail : healthNote(model);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1 basis-72">
        <span className="block font-mono text-small break-all">{model.ref}</span>
        <span className="block text-small text-ink-3">
          {[modelNote(model), model.figuresFrom === 'person' ? 'set by you' : ''].filter(Boolean).join(' · ')}
        </span>
        <span aria-live="polite" className="block text-small text-ink-3">
          {test.isPending ? 'Asking the model…' : health}
        </span>
      </span>
      <Button look="quiet" onClick={onPrice} aria-label={`Prices of ${model.ref}`}>
        Prices…
      </Button>
      <Button
        look="quiet"
        busy={test.isPending}
        disabled={!model.available}
        aria-label={`Test ${model.ref}`}
        onClick={() => test.mutate({ provider: model.provider, name: model.name })}
      >
        Test
      </Button>
      {model.isDefault ? (
        <Button busy={busy} onClick={() => onChoose(null)}>
          Default ✓
        </Button>
      ) : (
        <Button look="quiet" busy={busy} disabled={!model.available} onClick={() => onChoose(model.ref)}>
          Make default
        </Button>
      )}
    </li>
  );
}
