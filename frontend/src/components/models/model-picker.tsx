import { ModelRef, type ModelCard } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent, type ReactElement } from 'react';
import { modelsQuery } from '../../api/models.ts';
import { healthNote, modelNote } from '../../words/model-words.ts';
import { Skeleton } from '../ui/blank.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Failure } from '../ui/notice.tsx';

interface Props {
  readonly title: string;
  readonly description: string;
  /** PROVIDER/MODEL; '' is none. */
  readonly value: string;
  readonly onChoose: (ref: string) => void;
  readonly onClose: () => void;
}

const mostShown = 200;

/** One model out of all that are set up: searched by name, with what it holds, costs and can; what cannot be used says why. */
export function ModelPicker({ title, description, value, onChoose, onClose }: Props): ReactElement {
  const { data, error, refetch } = useQuery(modelsQuery);
  const [words, setWords] = useState('');
  const typed = words.trim();
  const found = (data?.models ?? []).filter((model) => matches(model, typed));
  // An endpoint need not list what it has.
  const unlisted = ModelRef.safeParse(typed).success && !found.some((model) => model.ref === typed) ? typed : null;
  return (
    <Dialog open onClose={onClose} wide title={title} description={description}>
      <div data-picker>
        <Field
          id="model-picker-search"
          label="Find a model"
          type="search"
          autoComplete="off"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={moveFocus}
          hint="By name; or write PROVIDER/MODEL for one that is not listed."
        />
        {error && <Failure what="The models could not be read" error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={4} label="Reading the models" />}
        <ul aria-label="Models" className="mt-2 max-h-[46dvh] overflow-auto rounded-lg border border-line">
          {unlisted !== null && (
            <Choice
              name={unlisted}
              note="Not listed by its provider"
              chosen={false}
              onChoose={() => onChoose(unlisted)}
            />
          )}
          {found.slice(0, mostShown).map((model) => (
            <Choice
              key={model.ref}
              name={model.ref}
              note={[model.isDefault ? 'default' : '', modelNote(model), healthNote(model)].filter(Boolean).join(' · ')}
              chosen={model.ref === value}
              off={!model.available}
              onChoose={() => onChoose(model.ref)}
            />
          ))}
          {data && found.length === 0 && unlisted === null && (
            <li className="px-3 py-2 text-ink-2">
              {data.models.length === 0 ? 'No provider is set up yet: see the settings.' : 'No model has that name.'}
            </li>
          )}
        </ul>
        {found.length > mostShown && (
          <p className="mt-1 text-small text-ink-3">{found.length - mostShown} more; search for them.</p>
        )}
      </div>
    </Dialog>
  );
}

function Choice({
  name,
  note,
  chosen,
  off = false,
  onChoose,
}: {
  readonly name: string;
  readonly note: string;
  readonly chosen: boolean;
  readonly off?: boolean;
  readonly onChoose: () => void;
}): ReactElement {
  return (
    <li className="border-b border-line last:border-b-0">
      <button
        type="button"
        data-choice
        aria-pressed={chosen}
        aria-disabled={off || undefined}
        onClick={off ? undefined : onChoose}
        onKeyDown={moveFocus}
        className="tap block w-full px-3 py-1.5 text-left hover:bg-sunk aria-disabled:cursor-default aria-disabled:text-ink-3 aria-disabled:hover:bg-transparent aria-pressed:bg-sunk"
      >
        <span className="mono block break-all">
          {name}
          {chosen && <span aria-hidden="true"> ✓</span>}
        </span>
        <span className="block text-small text-ink-3">{note}</span>
      </button>
    </li>
  );
}

function matches({ ref }: ModelCard, words: string): boolean {
  const name = ref.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word));
}

/** Up and down go through the list, from the field too. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const picker = event.currentTarget.closest('[data-picker]');
  const choices = [...(picker?.querySelectorAll<HTMLElement>('[data-choice]') ?? [])];
  const at = choices.findIndex((choice) => choice === document.activeElement);
  event.preventDefault();
  choices[event.key === 'ArrowDown' ? Math.min(at + 1, choices.length - 1) : Math.max(at - 1, 0)]?.focus();
}
