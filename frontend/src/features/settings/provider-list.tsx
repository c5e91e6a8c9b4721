import type { ProviderCard } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { providersQuery } from '../../api/models.ts';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Notice } from '../../components/ui/notice.tsx';
import { explain } from '../../words/explain.ts';
import { ProviderForm } from './provider-form.tsx';

const sources: Readonly<Record<ProviderCard['from'], string>> = {
  person: 'set up here',
  environment: 'set up by the environment',
  file: 'set up by models.json',
  found: 'found on this machine',
  nothing: 'not set up',
};

/** Everyone who can provide models, the usable ones open to the eye first. */
export function ProviderList(): ReactElement {
  const { data, error, refetch } = useQuery(providersQuery);
  if (error) {
    return (
      <Notice
        tone="bad"
        title="The providers cannot be shown"
        actions={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {explain(error).detail}
      </Notice>
    );
  }
  return (
    <ul className="grid gap-2" aria-busy={data === undefined}>
      {(data ?? []).map((card) => (
        <li key={card.id}>
          <details className="rounded-lg border border-line bg-panel px-4 py-2.5">
            <summary className="tap flex cursor-pointer flex-wrap items-center gap-x-2.5">
              <Mark shape={card.usable ? 'disc' : 'ring'} tone={card.usable ? 'ok' : 'none'} />
              <span className="font-medium">{card.title}</span>
              <span className="text-small text-ink-3">{card.usable ? sources[card.from] : card.why}</span>
            </summary>
            <p className="mt-2 mb-3 text-small text-ink-2">{card.note}</p>
            {card.fields.length > 0 && <ProviderForm card={card} />}
          </details>
        </li>
      ))}
    </ul>
  );
}
