import type { ProviderCard } from '@devfactory/contracts';
import { useState, type ReactElement } from 'react';
import { useConnectionTest, useForgetProvider, useSaveProvider } from '../../api/models.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explain } from '../../words/explain.ts';

/** One provider: its fields, a test that really asks it, and saving. A secret that is set is never shown. */
export function ProviderForm({ card }: { readonly card: ProviderCard }): ReactElement {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [test, save, forget] = [useConnectionTest(card), useSaveProvider(card), useForgetProvider(card)];
  const values = valuesOf(card, typed);
  const found = test.data;
  const fault = (name: string): string | undefined =>
    found && !found.ok && found.field === name ? found.sentence : undefined;
  const failed = save.error ?? test.error ?? forget.error;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(values, { onSuccess: () => setTyped({}) });
      }}
    >
      {card.fields.map((field) => (
        <Field
          key={field.name}
          id={`${card.id}-${field.name}`}
          label={field.label + (field.required ? '' : ' (optional)')}
          type={field.secret ? 'password' : 'text'}
          autoComplete="off"
          spellCheck={false}
          placeholder={field.secret && card.secretsSet.includes(field.name) ? 'is set, never shown again' : field.hint}
          value={typed[field.name] ?? card.values[field.name] ?? ''}
          onChange={(event) => setTyped({ ...typed, [field.name]: event.target.value })}
          fault={fault(field.name)}
          hint={`In the server's environment: ${field.environment}`}
        />
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
        <Button busy={test.isPending} onClick={() => test.mutate(values)}>
          {test.isPending ? 'Asking the model…' : 'Test connection'}
        </Button>
        {card.from === 'person' && (
          <Button look="danger" busy={forget.isPending} onClick={() => forget.mutate(undefined)}>
            Forget
          </Button>
        )}
      </div>
      <div aria-live="polite">
        {failed ? (
          <Notice tone="bad" title={explain(failed).detail} />
        ) : (
          found && (
            <Notice
              tone={found.ok ? 'ok' : 'bad'}
              title={found.ok ? `It works, in ${found.ms} ms` : 'It does not work'}
            >
              {found.sentence}
            </Notice>
          )
        )}
      </div>
    </form>
  );
}

/** What the form says. A secret that nobody typed is left out: the one that is set stays. */
function valuesOf(card: ProviderCard, typed: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = card.fields.flatMap(({ name, secret }): [string, string][] => {
    const value = typed[name] ?? (secret ? undefined : card.values[name]);
    return value === undefined || (secret && value === '') ? [] : [[name, value]];
  });
  return Object.fromEntries(pairs);
}
