import type { ExportRecord, RunState } from '@devfactory/contracts';
import { Download } from 'lucide-react';
import { useDeliveryLink } from '../../api/deliveries.ts';
import { factory } from '../../api/factory.ts';
import { Button, buttonClasses } from '../../components/ui/button.tsx';
import { CopyButton } from '../../components/ui/copy-button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { bytes, counted, shortDigest } from '../../words/format.ts';
import { DeliveryProgressBar } from './delivery-progress.tsx';
import { TakeBase } from './take-base.tsx';

/** What was delivered, newest first, with what is needed to check it. */
export function Deliveries({ state }: { readonly state: RunState }) {
  if (state.exports.length === 0) return null;
  return (
    <section aria-labelledby="deliveries-title" className="grid gap-2">
      <h2 id="deliveries-title" className="text-lead font-semibold">
        {state.exports.length === 1 ? 'Delivery' : counted(state.exports.length, 'delivery', 'deliveries')}
      </h2>
      {state.exports.toReversed().map((item, index) => (
        <Delivery key={item.id} item={item} state={state} newest={index === 0} />
      ))}
    </section>
  );
}

/** A place on the net is a link; a file's name is none. */
function Location({ item }: { readonly item: ExportRecord }) {
  const location = item.location ?? '';
  if (!/^https?:\/\//.test(location)) return <p className="wrap-anywhere text-ink-2">{location}</p>;
  return (
    <p className="wrap-anywhere">
      <a href={location} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
        {location}
      </a>
    </p>
  );
}

/** A link for others is made when it is asked for, and is kept nowhere. */
function LinkButton({ runId, exportId }: { readonly runId: string; readonly exportId: string }) {
  const link = useDeliveryLink(runId, exportId);
  return (
    <div className="mt-1.5 grid gap-1.5">
      {link.data ? (
        <p className="flex min-w-0 items-center gap-1 text-small text-ink-2">
          <CopyButton text={link.data.url} label="Copy the link" /> Whoever has this link can read the archive for 24
          hours. It is shown once.
        </p>
      ) : (
        <Button className="justify-self-start" busy={link.isPending} onClick={() => link.mutate(24)}>
          Link for 24 hours
        </Button>
      )}
      {link.error && <Failure what="No link was made" error={link.error} />}
    </div>
  );
}

/** What came of building and testing what arrived. */
function Arrived({ arrival }: { readonly arrival: NonNullable<ExportRecord['arrival']> }) {
  if (arrival === 'awaited')
    return (
      <p className="text-small text-ink-2">What arrived is being read back, built and tested in a clean sandbox.</p>
    );
  const look = arrivals[arrival.verdict];
  return (
    <p className="mt-1 flex items-start gap-1.5 text-small">
      <Mark shape={look.shape} tone={look.tone} className="mt-px" />
      <span className="min-w-0 break-words">
        <span className="font-medium">{look.word}</span> <span className="text-ink-2">{arrival.sentence}</span>
      </span>
    </p>
  );
}

const arrivals = {
  passed: { shape: 'disc', tone: 'ok', word: 'What arrived holds.' },
  failed: { shape: 'square', tone: 'bad', word: 'What arrived does not hold.' },
  inconclusive: { shape: 'ring', tone: 'warn', word: 'Read back could not be told.' },
} as const;

const looks = {
  requested: { shape: 'clock', tone: 'run', word: 'About to begin' },
  started: { shape: 'turning', tone: 'run', word: 'Being made' },
  delivered: { shape: 'disc', tone: 'ok', word: 'Delivered' },
  failed: { shape: 'square', tone: 'bad', word: 'Failed' },
} as const;

/** Each with what is needed to check it. */
function Files({
  item,
  runId,
  newest,
}: {
  readonly item: ExportRecord;
  readonly runId: string;
  readonly newest: boolean;
}) {
  return (
    <ul className="mt-2 grid gap-2">
      {item.files.map((file, index) => (
        <li key={file.name} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <a
            href={factory.runs.exportUrl(runId, item.id, file.name)}
            download={file.name}
            className={buttonClasses(
              newest && index === 0 && item.destination.kind === 'zip' ? 'primary' : 'plain',
              'max-w-full',
            )}
          >
            <Download aria-hidden="true" className="size-4 shrink-0" /> <span className="truncate">{file.name}</span>
          </a>
          <span className="text-small text-ink-2">{bytes(file.bytes)}</span>
          <span className="flex min-w-0 items-center gap-1 text-small text-ink-3" title={file.digest}>
            sha256 <code className="truncate">{file.digest.slice(0, 16)}…</code>
            <CopyButton text={file.digest} label={`Copy the SHA-256 of ${file.name}`} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Delivery({
  item,
  state,
  newest,
}: {
  readonly item: ExportRecord;
  readonly state: RunState;
  readonly newest: boolean;
}) {
  const look = looks[item.state];
  const { id: runId } = state;
  return (
    <article
      aria-label={`Delivery ${item.id}`}
      className="grid grid-cols-[18px_minmax(0,1fr)] gap-x-2.5 rounded-lg border border-line bg-panel px-3.5 py-3"
    >
      <Mark shape={look.shape} tone={look.tone} className="mt-px" />
      <div className="min-w-0">
        <p className="font-medium break-words">
          {look.word}
          {item.tree && (
            <span className="font-normal text-ink-2">
              {' '}
              · tree <code title={item.tree}>{shortDigest(item.tree)}</code>
            </span>
          )}
        </p>
        {item.state === 'started' && <DeliveryProgressBar runId={runId} exportId={item.id} />}
        {item.location && <Location item={item} />}
        {item.readBack && (
          <p className="text-small wrap-anywhere text-ink-3">
            Read back from {item.readBack.from}, and found to be this tree.
          </p>
        )}
        {item.settled && <p className="text-small text-ink-2">The pull request was {item.settled}.</p>}
        {item.notes.map((note) => (
          <p key={note} className="text-small break-words text-ink-2">
            {note}
          </p>
        ))}
        {item.arrival !== null && <Arrived arrival={item.arrival} />}
        {item.state === 'delivered' && item.destination.kind === 'github' && newest && (
          <TakeBase state={state} item={item} />
        )}
        {item.state === 'delivered' && item.destination.kind === 'azure' && item.location?.endsWith('.zip') && (
          <LinkButton runId={runId} exportId={item.id} />
        )}
        {item.reason && (
          <p role="alert" className="break-words text-bad">
            {item.reason}
          </p>
        )}
        {item.files.length > 0 &&
          (item.destination.kind === 'zip' ? (
            <Files item={item} runId={runId} newest={newest} />
          ) : (
            <details className="mt-2">
              <summary className="min-h-6 text-ink-2">The proof, {counted(item.files.length, 'file')}</summary>
              <Files item={item} runId={runId} newest={false} />
            </details>
          ))}
        {item.leftOut.length > 0 && (
          <details className="mt-2 text-ink-2">
            <summary className="min-h-6">{counted(item.leftOut.length, 'path')} left out</summary>
            <ul className="mono mt-1">
              {item.leftOut.map((entry) => (
                <li key={entry.path} className="wrap-anywhere">
                  {entry.path} <span className="text-ink-3">{entry.why}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </article>
  );
}
