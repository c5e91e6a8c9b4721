import { Suspense, useState } from 'react';
import { LazyModelPicker } from '../../components/models/lazy-model-picker.ts';
import { Button } from '../../components/ui/button.tsx';

interface Props {
  readonly id: string;
  readonly label: string;
  /** The model as provider/model; '' for none. */
  readonly value: string;
  /** What stands on the button while there is none. */
  readonly none: string;
  /** Of the dialog. */
  readonly title: string;
  readonly description: string;
  readonly note: string;
  readonly fault?: string | undefined;
  /** The way back; null where there is none now. */
  readonly undo: { readonly label: string; readonly act: () => void } | null;
  readonly onChoose: (model: string) => void;
}

/** A model, chosen by search in a dialog. */
export function ModelChoice(props: Props) {
  const { id, label, value, none, title, description, note, fault, undo, onChoose } = props;
  const [open, setOpen] = useState(false);
  return (
    <div className="grid content-start gap-1">
      <span id={`${id}-label`} className="font-medium">
        {label}
      </span>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          id={id}
          aria-labelledby={`${id}-label ${id}`}
          aria-describedby={`${id}-note`}
          onClick={() => setOpen(true)}
          className="mono max-w-full whitespace-normal break-all"
        >
          {value === '' ? none : value}
        </Button>
        {undo && (
          <Button look="quiet" onClick={undo.act}>
            {undo.label}
          </Button>
        )}
      </div>
      <p id={`${id}-note`} className={`text-small ${fault ? 'text-bad' : 'text-ink-3'}`}>
        {fault ?? note}
      </p>
      {open && (
        <Suspense fallback={null}>
          <LazyModelPicker
            title={title}
            description={description}
            value={value}
            onClose={() => setOpen(false)}
            onChoose={(model) => {
              onChoose(model);
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
