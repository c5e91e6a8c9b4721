import type { RunSummary } from '@devfactory/contracts';
import { Link } from '@tanstack/react-router';
import { cx } from '../../components/ui/cx.ts';
import { Mark } from '../../components/ui/mark.tsx';
import { toneText } from '../../components/ui/pill.tsx';
import { fullMoment, shortMoment } from '../../words/format.ts';
import { stageLook } from '../../words/stage-words.ts';

interface Props {
  readonly run: RunSummary;
  readonly now: Date;
  readonly className?: string;
}

export function RunRow({ run, now, className }: Props) {
  const look = stageLook(run.state);
  const { total, proven } = run.requirements;
  return (
    <Link
      to="/runs/$runId"
      params={{ runId: run.id }}
      className={cx(
        'grid grid-cols-[18px_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-3 -outline-offset-2 hover:bg-bg wide:grid-cols-[18px_minmax(0,1fr)_132px_64px]',
        className,
      )}
    >
      <Mark shape={look.shape} tone={look.tone} className="mt-px" />
      <span className="min-w-0">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="min-w-0 font-medium break-words max-wide:line-clamp-2 wide:truncate">{run.name}</span>
          <span className={`text-small font-medium ${toneText[look.tone]}`}>{look.word}</span>
          {run.archived && <span className="text-small text-ink-3">archived</span>}
          {run.forkedFrom && <span className="text-small text-ink-3">fork of {run.forkedFrom.checkpointId}</span>}
        </span>
        <span className="line-clamp-2 text-ink-2 wide:line-clamp-1">{run.sentence}</span>
      </span>
      <span className="max-wide:hidden">
        <ProofBar proven={proven} total={total} />
      </span>
      <time
        dateTime={run.updatedAt}
        title={`Last event ${fullMoment(run.updatedAt)}`}
        className="text-right text-small text-ink-3"
      >
        {shortMoment(run.updatedAt, now)}
      </time>
    </Link>
  );
}

function ProofBar({ proven, total }: { readonly proven: number; readonly total: number }) {
  if (total === 0) return <span className="text-small text-ink-3">no requirements yet</span>;
  return (
    <span className="grid gap-1">
      <span className="text-small text-ink-2">
        {proven} of {total} proven
      </span>
      <span aria-hidden="true" className="flex h-1.5 overflow-hidden rounded-full bg-line">
        <span className="bg-ok" style={{ width: `${(proven / total) * 100}%` }} />
      </span>
    </span>
  );
}
