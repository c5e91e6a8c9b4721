/** The form of one kind of thing, and one field of it. */
export const formComponents: Readonly<Record<string, string>> = {
  'ThingForm.tsx': String.raw`import { useEffect, useRef, useState } from 'react';
import { FieldInput } from './FieldInput.tsx';
import type { Item, Thing, Values } from './thing.ts';
import { draftOf, emptyDraft, problemsOf, valuesOf, type Problems } from './validate.ts';

interface Props {
  readonly thing: Thing;
  /** The item that is changed; null where a new one is made. */
  readonly editing: Item | null;
  readonly others: readonly Item[];
  readonly save: (values: Values) => void;
  readonly cancel: () => void;
}

export function ThingForm({ thing, editing, others, save, cancel }: Props) {
  const [draft, setDraft] = useState(editing ? draftOf(thing, editing.values) : emptyDraft(thing));
  const [problems, setProblems] = useState<Problems>({});
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (editing) form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, [editing]);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);

  const submit = (): void => {
    const wrong = problemsOf(thing, draft, others);
    setProblems(wrong);
    if (Object.keys(wrong).length > 0) return;
    save(valuesOf(thing, draft));
    setDraft(emptyDraft(thing));
  };

  return (
    <form
      ref={form}
      noValidate
      aria-labelledby={thing.key + '--heading'}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {thing.fields.map((field) => (
        <FieldInput
          key={field.key}
          id={thing.key + '--' + field.key}
          field={field}
          value={draft[field.key] ?? ''}
          problem={problems[field.key] ?? ''}
          change={(value) => setDraft({ ...draft, [field.key]: value })}
        />
      ))}
      <p className="actions">
        <button type="submit">{(editing ? 'Save ' : 'Add ') + thing.name}</button>{' '}
        {editing && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </p>
    </form>
  );
}
`,
  'FieldInput.tsx': String.raw`import type { Field, Kind } from './thing.ts';

interface Props {
  readonly id: string;
  readonly field: Field;
  readonly value: string | boolean;
  /** What is wrong with it; '' where all is well. */
  readonly problem: string;
  readonly change: (value: string | boolean) => void;
}

/** One field with its label and its message. */
export function FieldInput({ id, field, value, problem, change }: Props) {
  const label = <label htmlFor={id}>{field.label}</label>;
  const shared = { id, 'aria-invalid': problem !== '', 'aria-describedby': id + '--error', required: field.required };
  const error = (
    <span className="error" id={id + '--error'} hidden={problem === ''}>
      {problem}
    </span>
  );
  if (typeof value === 'boolean')
    return (
      <p className="tick">
        <input {...shared} type="checkbox" checked={value} onChange={({ target }) => change(target.checked)} />
        {label}
        {error}
      </p>
    );
  const typed = {
    ...shared,
    value,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => change(target.value),
  };
  return (
    <p className={field.required ? 'required' : undefined}>
      {label}
      {field.kind === 'choice' ? (
        <select {...typed}>
          <option value="" />
          {field.choices?.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : field.kind === 'text' ? (
        <textarea {...typed} rows={3} />
      ) : (
        <input {...typed} {...inputs[field.kind]} />
      )}
      {error}
    </p>
  );
}

/** Numbers are texts for the browser: it would silently make nothing of what is none. */
const inputs: Readonly<Partial<Record<Kind, React.InputHTMLAttributes<HTMLInputElement>>>> = {
  integer: { inputMode: 'numeric' },
  number: { inputMode: 'decimal' },
  date: { type: 'date' },
  datetime: { type: 'datetime-local' },
  email: { type: 'email' },
  url: { type: 'url' },
  list: { placeholder: 'one, two' },
};
`,
};
