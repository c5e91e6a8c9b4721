import type { ModelCard, ModelFigures } from '@devfactory/contracts';
import { useState, type ReactElement } from 'react';
import { useFigures } from '../../api/models.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';

const fields: readonly { readonly name: keyof ModelFigures; readonly label: string; readonly hint: string }[] = [
  { name: 'inputUsd', label: 'Input, USD per million tokens', hint: '0 when it costs nothing' },
  { name: 'cachedUsd', label: 'Input from the cache', hint: 'Empty: as dear as other input' },
  { name: 'outputUsd', label: 'Output, USD per million tokens', hint: '0 when it costs nothing' },
  { name: 'contextTokens', label: 'Context, tokens', hint: 'What it holds, its answer included' },
  { name: 'outputTokens', label: 'Longest answer, tokens', hint: 'Empty: not known' },
];

/** What a model costs and holds, as this installation counts it. */
export function FiguresDialog({
  model,
  onClose,
}: {
  readonly model: ModelCard;
  readonly onClose: () => void;
}): ReactElement {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map(({ name }) => [name, String(model.figures[name] ?? '')])),
  );
  const save = useFigures();
  const wrong = (name: keyof ModelFigures): boolean => numberOf(texts[name] ?? '', name) === undefined;
  const submit = (): void => {
    if (fields.some(({ name }) => wrong(name))) return;
    const figures = Object.fromEntries(fields.map(({ name }) => [name, numberOf(texts[name] ?? '', name) ?? null]));
    save.mutate({ model: model.ref, figures: figures as ModelFigures }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`What ${model.ref} costs and holds`}
      description="Your figures go before those that come along. Budgets are counted with them from the next call on."
      actions={
        <>
          {model.figuresFrom === 'person' && (
            <Button
              look="danger"
              className="mr-auto"
              busy={save.isPending}
              onClick={() => save.mutate({ model: model.ref, figures: null }, { onSuccess: onClose })}
            >
              Take those that come along
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={save.isPending} onClick={submit}>
            Save
          </Button>
        </>
      }
    >
      <form
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {fields.map(({ name, label, hint }) => (
          <Field
            key={name}
            id={`figure-${name}`}
            label={label}
            hint={hint}
            inputMode="decimal"
            autoComplete="off"
            value={texts[name] ?? ''}
            onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
            fault={
              wrong(name) ? (isTokens(name) ? 'A whole number above 0, or empty.' : 'An amount, or empty.') : undefined
            }
          />
        ))}
        <button type="submit" className="sr-only">
          Save figures
        </button>
      </form>
      {save.error && <Failure what="The figures were not saved" error={save.error} className="mt-2" />}
    </Dialog>
  );
}

function isTokens(name: keyof ModelFigures): boolean {
  return name.endsWith('Tokens');
}

/** null for nothing, undefined for what is no such number. */
function numberOf(text: string, name: keyof ModelFigures): number | null | undefined {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return null;
  const value = Number(plain);
  if (isTokens(name)) return Number.isInteger(value) && value > 0 ? value : undefined;
  return value >= 0 && value <= 1_000_000 ? value : undefined;
}
