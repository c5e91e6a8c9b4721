import type { RunState, StepRecord, ToolRecord } from '@devfactory/contracts';
import { useState, type ReactNode } from 'react';
import { Clipped } from '../../components/ui/clipped.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { counted, duration } from '../../words/format.ts';
import { usageDetail, usageText } from '../../words/usage-words.ts';
import { CallRow } from './call-row.tsx';
import { LiveAnswer } from './live-answer.tsx';
import { RowFrame } from './row-frame.tsx';
import { callFailed } from './timeline.ts';

interface Props {
  readonly step: StepRecord;
  readonly state: RunState;
  readonly chosen: boolean;
  readonly note: ReactNode;
  readonly last: boolean;
}

const shownAtOnce = 5;

/** One model call with what it did. Failures are always in sight; long lists of calls fold. */
export function StepRow({ step, state, chosen, note, last }: Props) {
  const [open, setOpen] = useState(false);
  const { go } = useRunPlace();
  const folded = !open && !chosen && step.calls.length > shownAtOnce;
  const calls = folded
    ? [
        ...step.calls.slice(0, 3),
        ...step.calls.slice(3).filter((call) => callFailed(call) || call.outcome === 'running'),
      ]
    : step.calls;
  const hidden = step.calls.length - calls.length;
  const checkpoint = state.checkpoints.find((item) => item.id === step.checkpointId);
  const { shape, tone } = stepLook(step);
  const usage = usageText(step.usage);
  return (
    <RowFrame
      mark={<Mark shape={shape} tone={tone} />}
      note={note}
      last={last}
      chosen={chosen}
      title={
        <>
          <button
            type="button"
            aria-pressed={chosen}
            onClick={() => go({ step: chosen ? undefined : step.step })}
            className="min-h-6 text-left font-semibold hover:underline"
          >
            Step {step.step}
          </button>
          <span className="text-ink-2">{summary(step)}</span>
          {checkpoint && (
            <ChangedFiles
              checkpoint={checkpoint}
              onOpen={() => go({ view: 'changes', pane: 'work', base: 'step', ck: checkpoint.id, file: undefined })}
            />
          )}
          {step.durationMs !== null && <span className="text-small text-ink-3">{duration(step.durationMs)}</span>}
          {usage !== null && (
            <span className="text-small text-ink-3" title={usageDetail(step.usage)}>
              {usage}
            </span>
          )}
        </>
      }
    >
      {step.body === null && !step.ended && <LiveAnswer runId={state.id} step={step.step} />}
      {step.text && <Clipped text={step.text} className="mt-0.5 text-ink-2" />}
      {calls.length > 0 && (
        <ul className="mt-1">
          {calls.map((call) => (
            <CallRow key={call.callId} call={call} runId={state.id} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <button
          type="button"
          className="min-h-6 text-accent underline underline-offset-2"
          onClick={() => setOpen(true)}
        >
          {counted(hidden, 'more call')}
        </button>
      )}
    </RowFrame>
  );
}

function ChangedFiles({
  checkpoint,
  onOpen,
}: {
  readonly checkpoint: RunState['checkpoints'][number];
  readonly onOpen: () => void;
}) {
  const { added, modified, removed } = checkpoint.changed;
  const files = added + modified + removed;
  if (files === 0) return null;
  return (
    <button type="button" onClick={onOpen} className="min-h-6 rounded-full" title="Show what this step changed">
      <Pill className="hover:text-ink">
        {counted(files, 'file')} changed · {checkpoint.id}
      </Pill>
    </button>
  );
}

function stepLook(step: StepRecord): {
  readonly shape: 'disc' | 'square' | 'turning';
  readonly tone: 'none' | 'bad' | 'run';
} {
  if (!step.ended) return { shape: 'turning', tone: 'run' };
  return step.calls.some(callFailed) ? { shape: 'square', tone: 'bad' } : { shape: 'disc', tone: 'none' };
}

const verbs: Readonly<Record<string, readonly [string, string]>> = {
  read: ['read', 'file'],
  write: ['wrote', 'file'],
  edit: ['edited', 'file'],
  list: ['listed', 'folder'],
  search: ['searched', 'time'],
  fetch: ['read', 'page'],
  shell: ['ran', 'command'],
  propose_requirements: ['proposed the plan', ''],
  ask: ['asked', ''],
  finish: ['finished', ''],
};

/** 'wrote 6 files, ran 1 command' */
function summary(step: {
  readonly calls: readonly Pick<ToolRecord, 'tool'>[];
  readonly ended: boolean;
  readonly body: string | null;
}): string {
  if (step.body === null) return step.ended ? 'ended without an answer' : 'waits for the agent';
  const counts = new Map<string, number>();
  for (const call of step.calls) counts.set(call.tool, (counts.get(call.tool) ?? 0) + 1);
  const parts = [...counts].map(([tool, count]) => {
    const [verb, noun] = verbs[tool] ?? [tool, 'time'];
    return noun === '' ? verb : `${verb} ${counted(count, noun)}`;
  });
  return parts.join(', ') || 'answered';
}
