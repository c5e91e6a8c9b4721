import type { IntakeAsk, IntakeList } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { intakesQuery, useSwitchIntakeOff } from '../../api/intakes.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { fullMoment } from '../../words/format.ts';
import { IntakeForm } from './intake-form.tsx';

/** Which repositories' issues may begin runs, and what was asked for there. */
export function IntakeSettings() {
  const list = useQuery(intakesQuery);
  const [adding, setAdding] = useState(false);
  if (list.error && !list.data)
    return <Failure what="They could not be read" error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton lines={2} label="Reading which issues may begin runs" />;
  const { intakes, asks } = list.data;
  return (
    <div className="grid gap-3 rounded-lg border border-line bg-panel px-4 py-3.5">
      {intakes.length === 0 && <p className="text-ink-2">No issues begin runs.</p>}
      {intakes.length > 0 && (
        <ul className="grid gap-2">
          {intakes.map((intake) => (
            <Row key={intake.repository} intake={intake} />
          ))}
        </ul>
      )}
      {adding ? (
        <IntakeForm onDone={() => setAdding(false)} />
      ) : (
        <div>
          <Button onClick={() => setAdding(true)}>Let issues begin runs</Button>
        </div>
      )}
      {asks.length > 0 && <Asks asks={asks} />}
    </div>
  );
}

function Row({ intake }: { readonly intake: IntakeList['intakes'][number] }) {
  const off = useSwitchIntakeOff();
  const { repository, label, autonomy, agent, budgetUsd, by, since, trouble } = intake;
  const how = [
    autonomy === 'auto' ? 'plans and proven results are approved on the spot' : 'a person approves plan and result',
    ...(agent === undefined ? [] : [`agent ${agent}`]),
    ...(budgetUsd === undefined ? [] : [`$${budgetUsd} each`]),
  ];
  return (
    <li className="flex flex-wrap items-center gap-2 border-b border-line pb-2 last:border-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium wrap-anywhere">{repository}</p>
        <p className="text-small wrap-anywhere text-ink-2">
          Label <code>{label}</code> or a comment <code>/devfactory</code>; {how.join('; ')}. On since{' '}
          {fullMoment(since)}, by {by}.
        </p>
        {trouble !== '' && <p className="text-small text-bad">The last look failed: {trouble}</p>}
      </div>
      <Button busy={off.isPending} onClick={() => off.mutate(repository)}>
        Switch {repository} off
      </Button>
      {off.error && <Failure what="It was not switched off" error={off.error} className="w-full" />}
    </li>
  );
}

function Asks({ asks }: { readonly asks: readonly IntakeAsk[] }) {
  return (
    <section aria-labelledby="asks-title" className="grid gap-2 border-t border-line pt-3">
      <h3 id="asks-title" className="font-medium">
        What was asked for
      </h3>
      <ul className="grid max-h-96 gap-2 overflow-auto">
        {asks.map((ask) => (
          <li key={`${ask.url} ${ask.at}`} className="text-small wrap-anywhere">
            <a href={ask.url} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
              {ask.repository}#{ask.number}
            </a>
            , {fullMoment(ask.at)}.{' '}
            {ask.runId !== null && (
              <Link
                to="/runs/$runId"
                params={{ runId: ask.runId }}
                className="text-accent underline underline-offset-2"
              >
                {ask.runId}
              </Link>
            )}{' '}
            <span className="text-ink-2">
              {ask.sentence} {ask.answer}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
