import type { FeedbackRecord, QuestionRecord, RunState, TurnRecord } from '@devfactory/contracts';
import { Screenshots } from '../../components/screenshots.tsx';
import { Clipped } from '../../components/ui/clipped.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { fullMoment, timeOfDay } from '../../words/format.ts';
import type { Fact } from './facts.ts';
import { JudgingRow } from './judging-row.tsx';
import { PromptRow } from './prompt-row.tsx';
import { RowFrame } from './row-frame.tsx';
import { StepRow } from './step-row.tsx';
import type { TimelineRow } from './timeline.ts';
import { VerificationRow } from './verification-row.tsx';

interface Props {
  readonly row: TimelineRow;
  readonly state: RunState;
  readonly last: boolean;
  readonly chosen: boolean;
}

export function ActivityRow({ row, state, last, chosen }: Props) {
  const note = (
    <time dateTime={row.at} title={fullMoment(row.at)}>
      {timeOfDay(row.at)}
    </time>
  );
  const frame = { note, last };
  switch (row.kind) {
    case 'prompt':
      return <PromptRow state={state} {...frame} />;
    case 'turn':
      return <TurnRow turn={state.turns.find((item) => item.turn === row.turn)} frame={frame} />;
    case 'step': {
      const step = state.steps.find((item) => item.step === row.step);
      return step ? <StepRow step={step} state={state} chosen={chosen} {...frame} /> : <></>;
    }
    case 'verification': {
      const verification = state.verifications.find((item) => item.id === row.id);
      return verification ? <VerificationRow verification={verification} state={state} {...frame} /> : <></>;
    }
    case 'judging':
      return <JudgingRow row={row} state={state} {...frame} />;
    case 'question':
      return <QuestionRow question={state.questions.find((item) => item.id === row.id)} frame={frame} />;
    case 'feedback':
      return (
        <FeedbackRow runId={state.id} feedback={state.feedback.find((item) => item.id === row.id)} frame={frame} />
      );
    case 'fact': {
      const over = row.fact.wait === true && !(state.stage.name === 'waiting' && state.stage.since === row.at);
      const fact: Fact = over ? { ...row.fact, title: 'Waited for you', tone: 'none', shape: 'clock' } : row.fact;
      return (
        <RowFrame
          {...frame}
          mark={<Mark shape={fact.shape} tone={fact.tone} />}
          title={<b className="font-semibold">{fact.title}</b>}
        >
          {fact.text && <Clipped text={fact.text} className="mt-0.5 text-ink-2" />}
        </RowFrame>
      );
    }
  }
}

type Frame = { readonly note: React.ReactNode; readonly last: boolean };

const purposes = { plan: 'Plans', work: 'Works', repair: 'Repairs' } as const;

function TurnRow({ turn, frame }: { readonly turn: TurnRecord | undefined; readonly frame: Frame }) {
  if (!turn) return <></>;
  return (
    <RowFrame
      {...frame}
      mark={
        <span aria-hidden="true" className="grid size-[18px] place-items-center">
          <span className="size-1.5 rounded-full bg-line-strong" />
        </span>
      }
      title={
        <span className="font-medium text-ink-2">
          {purposes[turn.purpose]} · turn {turn.turn}
        </span>
      }
    >
      {turn.why && <p className="text-ink-2">{turn.why}</p>}
    </RowFrame>
  );
}

function QuestionRow({ question, frame }: { readonly question: QuestionRecord | undefined; readonly frame: Frame }) {
  if (!question) return <></>;
  const open = question.answer === null;
  return (
    <RowFrame
      {...frame}
      mark={<Mark shape={open ? 'corner' : 'disc'} tone={open ? 'warn' : 'none'} />}
      title={
        <>
          <b className="font-semibold">Question</b>
          {open && <Pill tone="warn">waits for your answer</Pill>}
        </>
      }
    >
      <Clipped text={question.question} className="mt-0.5" />
      {question.answer !== null && <p className="mt-0.5 text-ink-2">You: “{question.answer}”</p>}
    </RowFrame>
  );
}

function outsideTitle({ what, author }: NonNullable<FeedbackRecord['from']>): string {
  return what === 'checks' ? 'Checks at GitHub failed' : `${author}, at GitHub`;
}

function FeedbackRow({
  runId,
  feedback,
  frame,
}: {
  readonly runId: string;
  readonly feedback: FeedbackRecord | undefined;
  readonly frame: Frame;
}) {
  if (!feedback) return <></>;
  const queuedFor = feedback.mode === 'steer' ? 'queued for the next step' : 'queued until the turn ends';
  const fate = feedback.withdrawn
    ? 'withdrawn'
    : feedback.deliveredAt === null
      ? queuedFor
      : `taken in by step ${feedback.deliveredAt}`;
  const taken = feedback.deliveredAt !== null;
  return (
    <RowFrame
      {...frame}
      mark={
        <Mark
          shape={feedback.withdrawn ? 'struck' : taken ? 'disc' : 'clock'}
          tone={taken || feedback.withdrawn ? 'none' : 'run'}
        />
      }
      title={
        <>
          <b className="font-semibold">{feedback.from ? outsideTitle(feedback.from) : 'Your feedback'}</b>
          <Pill tone={taken || feedback.withdrawn ? 'none' : 'run'}>{fate}</Pill>
        </>
      }
    >
      <Clipped text={feedback.text} className={`mt-0.5 text-ink-2 ${feedback.withdrawn ? 'line-through' : ''}`} />
      {feedback.screenshots.length > 0 && <Screenshots runId={runId} screenshots={feedback.screenshots} />}
    </RowFrame>
  );
}
