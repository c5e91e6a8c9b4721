import type { GuidanceList } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { guidanceQuery, useForgetGuidance, useForgetTrust } from '../../api/guidance.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { fullMoment } from '../../words/format.ts';
import { GuidanceForm } from './guidance-form.tsx';

type Item = GuidanceList['items'][number];

/** What every run follows beside its task, and which files of projects are trusted. */
export function GuidanceSettings() {
  const list = useQuery(guidanceQuery);
  const [editing, setEditing] = useState<Item | 'new' | null>(null);
  if (list.error)
    return <Failure what="The guidance could not be read" error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={3} label="Reading the guidance" />;
  const { items, trusted } = list.data;
  return (
    <div className="grid gap-3 rounded-lg border border-line bg-panel px-4 py-3.5">
      {items.length === 0 && <p className="text-ink-2">Runs follow nothing beside their task.</p>}
      {items.length > 0 && (
        <ul className="grid gap-2">
          {items.map((item) => (
            <Row key={`${item.kind} ${item.name}`} item={item} onEdit={() => setEditing(item)} />
          ))}
        </ul>
      )}
      {editing === null ? (
        <div>
          <Button onClick={() => setEditing('new')}>Declare guidance</Button>
        </div>
      ) : (
        <GuidanceForm
          key={editing === 'new' ? '' : editing.name}
          before={editing === 'new' ? null : editing}
          onDone={() => setEditing(null)}
        />
      )}
      {trusted.length > 0 && <TrustList trusted={trusted} />}
    </div>
  );
}

function Row({ item, onEdit }: { readonly item: Item; readonly onEdit: () => void }) {
  const forget = useForgetGuidance();
  return (
    <li className="flex flex-wrap items-center gap-2 border-b border-line pb-2 last:border-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium wrap-anywhere">{item.name}</p>
        <p className="text-small wrap-anywhere text-ink-2">
          {item.kind === 'skill' ? 'Skill. ' : item.kind === 'servers' ? 'Servers. ' : ''}
          {item.project === null ? 'Every run' : `Only ${item.project}`}
          {item.from === 'file' && '; from the folder guidance in the data directory'}
        </p>
        {item.trouble !== '' && <p className="text-small text-bad">No run follows it: {item.trouble}</p>}
      </div>
      {item.from === 'person' && (
        <>
          <Button onClick={onEdit}>Change {item.name}</Button>
          <Button busy={forget.isPending} onClick={() => forget.mutate(item)}>
            Forget {item.name}
          </Button>
        </>
      )}
      {forget.error && <Failure what="It was not forgotten" error={forget.error} className="w-full" />}
    </li>
  );
}

function TrustList({ trusted }: Pick<GuidanceList, 'trusted'>) {
  const forget = useForgetTrust();
  return (
    <section aria-labelledby="trusted-title" className="grid gap-2 border-t border-line pt-3">
      <h3 id="trusted-title" className="font-medium">
        Trusted files of projects
      </h3>
      <ul className="grid gap-2">
        {trusted.map((mark) => (
          <li key={`${mark.project} ${mark.path} ${mark.hash}`} className="flex flex-wrap items-center gap-2">
            <p className="min-w-0 flex-1 basis-60 text-small wrap-anywhere">
              <b className="font-medium">{mark.path}</b> of {mark.project.replace(/^(git|upload|run):/, '')},{' '}
              <code title={mark.hash}>{mark.hash.slice(0, 12)}</code>
              <span className="text-ink-2">
                , by {mark.by}, {fullMoment(mark.at)}
              </span>
            </p>
            <Button busy={forget.isPending} onClick={() => forget.mutate(mark)}>
              Trust {mark.path} no longer
            </Button>
          </li>
        ))}
      </ul>
      {forget.error && <Failure what="That was not taken" error={forget.error} />}
    </section>
  );
}
