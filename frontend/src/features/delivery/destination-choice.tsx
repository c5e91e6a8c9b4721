import type { Destination, DestinationKind } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { destinationsQuery, useDestinationTest } from '../../api/deliveries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explain } from '../../words/explain.ts';
import { destinationOf, fieldsOf, repositoryAt, type Wish } from './wishes.ts';

interface Props {
  readonly wishes: readonly Wish[];
  readonly onChange: (wishes: readonly Wish[]) => void;
  /** What the run began with; '' where that was no address. */
  readonly source: string;
  /** Faults are shown from the first try on. */
  readonly asked: boolean;
}

/** Where to: one or several, each with what has to be said about it, and a try of the connection. */
export function DestinationChoice({ wishes, onChange, source, asked }: Props) {
  const kinds = useQuery(destinationsQuery);
  const change = (next: Wish): void => onChange(wishes.map((wish) => (wish.kind === next.kind ? next : wish)));
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 font-medium">Destinations</legend>
      {wishes.map((wish) => (
        <Choice
          key={wish.kind}
          wish={wish}
          about={kinds.data?.find(({ kind }) => kind === wish.kind)}
          onChange={change}
          source={source}
          asked={asked}
        />
      ))}
    </fieldset>
  );
}

const words: Readonly<Record<Destination['kind'], string>> = {
  zip: 'ZIP, with the proof and a readable report beside it',
  github: 'Pull request at GitHub',
  azure: 'Azure Blob Storage',
};

function Choice({
  wish,
  about,
  onChange,
  source,
  asked,
}: {
  readonly wish: Wish;
  readonly about: DestinationKind | undefined;
  readonly onChange: (wish: Wish) => void;
  readonly source: string;
  readonly asked: boolean;
}) {
  const test = useDestinationTest();
  const destination = destinationOf(wish);
  const fault = asked && 'field' in destination ? destination : null;
  const ready = about?.ready ?? wish.kind === 'zip';
  const id = `destination-${wish.kind}`;
  const fill = (name: string, value: string): void => {
    test.reset();
    onChange({ ...wish, fields: { ...wish.fields, [name]: value } });
  };
  const choose = (chosen: boolean): void => {
    // Most often it goes back to where it came from.
    const guess = wish.kind === 'github' && !wish.fields['repository'] ? repositoryAt(about?.place ?? '', source) : '';
    onChange({ ...wish, chosen, fields: guess === '' ? wish.fields : { ...wish.fields, repository: guess } });
  };
  return (
    <div className="rounded-md border border-line px-3 py-2">
      <label className="flex items-start gap-2">
        <input
          id={id}
          type="checkbox"
          checked={wish.chosen && ready}
          disabled={!ready}
          onChange={(event) => choose(event.target.checked)}
          className="mt-1 size-4 shrink-0 accent-accent"
        />
        <span className="min-w-0">
          {words[wish.kind]}
          {about && (about.place !== '' || about.why !== '') && (
            <span className="block text-small wrap-anywhere text-ink-3">{about.ready ? about.place : about.why}</span>
          )}
        </span>
      </label>
      {wish.chosen && ready && (
        <div className="mt-2 grid gap-2 pl-6">
          {fieldsOf[wish.kind].map(({ name, label, placeholder, choices }) =>
            choices ? (
              <label key={name} className="grid gap-1 font-medium">
                {label}
                <select
                  id={`${id}-${name}`}
                  value={wish.fields[name] ?? ''}
                  onChange={(event) => fill(name, event.target.value)}
                  className="tap w-full rounded-md border border-line-strong bg-panel px-2.5 py-1 font-normal"
                >
                  {choices.map(([value, label]) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </select>
              </label>
            ) : (
              <Field
                key={name}
                id={`${id}-${name}`}
                label={label}
                placeholder={placeholder}
                value={wish.fields[name] ?? ''}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => fill(name, event.target.value)}
                fault={fault?.field === name ? fault.fault : undefined}
              />
            ),
          )}
          {wish.kind !== 'zip' && (
            <div className="grid gap-2">
              <Button
                className="justify-self-start"
                busy={test.isPending}
                disabled={'field' in destination}
                onClick={() => !('field' in destination) && test.mutate(destination)}
              >
                {test.isPending ? 'Trying…' : 'Test connection'}
              </Button>
              <div aria-live="polite">
                {test.data && <Notice tone={test.data.ok ? 'ok' : 'bad'} title={test.data.sentence} />}
                {test.error && <Notice tone="bad" title={explain(test.error).detail} />}
              </div>
            </div>
          )}
        </div>
      )}
    </div>
  );
}
