import type { ToolRecord } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { blobQuery } from '../../api/queries.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Output } from '../../components/ui/scroll.tsx';
import { duration } from '../../words/format.ts';
import { callFailed } from './timeline.ts';

const wholeAnswer = 200_000;

/** One tool call. What failed opens itself. */
export function CallRow({ call, runId }: { readonly call: ToolRecord; readonly runId: string }) {
  const bad = callFailed(call);
  const [open, setOpen] = useState<boolean | null>(null);
  const shown = open ?? (bad && call.excerpt !== '');
  const result = resultOf(call);
  return (
    <li>
      <button
        type="button"
        aria-expanded={shown}
        disabled={call.excerpt === '' && call.body === null}
        onClick={() => setOpen(!shown)}
        className="group flex min-h-6 w-full items-baseline gap-2 rounded-sm text-left"
      >
        <ChevronRight
          aria-hidden="true"
          className={`size-3 shrink-0 self-center text-ink-3 transition-transform duration-100 group-disabled:opacity-0 ${shown ? 'rotate-90' : ''}`}
        />
        <span className="mono-tiny shrink-0 text-ink-3">{call.tool}</span>
        <span className="mono min-w-0 truncate" title={call.title}>
          {call.title}
        </span>
        <span
          className={`ml-auto shrink-0 text-small ${bad ? 'font-medium text-bad' : call.outcome === 'running' ? 'text-accent' : 'text-ink-3'}`}
        >
          {result}
        </span>
      </button>
      {shown && <Answer call={call} runId={runId} bad={bad} />}
    </li>
  );
}

function Answer({ call, runId, bad }: { readonly call: ToolRecord; readonly runId: string; readonly bad: boolean }) {
  const [whole, setWhole] = useState(false);
  const answer = useQuery({ ...blobQuery(runId, call.body ?? '', wholeAnswer), enabled: whole && call.body !== null });
  return (
    <div className="mt-1 mb-2 ml-5">
      {answer.isError && (
        <Failure what="The answer could not be read" error={answer.error} onRetry={() => void answer.refetch()} />
      )}
      {whole && answer.isPending && <Skeleton lines={2} />}
      <Output bad={bad} label={`Answer of ${call.tool} ${call.title}`} className="max-h-80">
        {(whole ? answer.data : undefined) ?? call.excerpt}
      </Output>
      {call.body !== null && !whole && (
        <button
          type="button"
          className="min-h-6 text-small text-accent underline underline-offset-2"
          onClick={() => setWhole(true)}
        >
          Show the whole answer
        </button>
      )}
    </div>
  );
}

function resultOf(call: ToolRecord): string {
  if (call.outcome === 'pending') return 'next';
  if (call.outcome === 'running') return 'running';
  const time = call.durationMs === null ? '' : ` · ${duration(call.durationMs)}`;
  if (call.outcome === 'interrupted') return `interrupted, effect unknown${time}`;
  if (call.exitCode !== null) return `exit ${call.exitCode}${time}`;
  return (call.outcome === 'error' ? 'failed' : 'ok') + time;
}
