import type { Fact, RunState, StepRecord, ToolCall } from '@devfactory/contracts';
import { guidanceFacts } from '../guidance/index.ts';
import { cutHead, cutText } from '../text/cut-text.ts';
import { changesFiles, onlyLooks } from '../tools/tools.ts';
import type { Action } from './action.ts';
import { addressedComments } from './address-comments.ts';
import { takeCheckpoint } from './restore.ts';
import { runCall } from './run-call.ts';
import { factory, type RunSession } from './session.ts';
import { answerStep, finishInterruptedCalls, startStep } from './step.ts';

/**
 * One turn: step after step until the agent finishes, asks, runs out of steps, or a person interrupts. An interrupted turn stays open.
 * Whether it is over is read from its last step, so a worker that died between a step's end and the turn's costs no further step.
 */
export async function runTurn(session: RunSession, action: Action & { do: 'turn' }): Promise<void> {
  const { journal } = session;
  const { purpose } = action;
  if (session.state.turns.at(-1)?.outcome !== null) {
    await journal.append(factory, {
      type: 'turn.started',
      data: { turn: session.state.turns.length + 1, purpose, why: cutHead(action.why, 2000) },
    });
  }
  const turn = session.state.turns.length;
  await journal.append(factory, ...(await guidanceFacts(session.deps, session.state)));
  const interrupts = journal.interrupts();
  // A step's end is written together with the start of the next: between the two nothing happens.
  let ended: readonly Fact[] = [];
  try {
    for (;;) {
      const ending = await endingOf(session, journal.foresee(ended), turn);
      const stops = isInterrupted(session) || interrupts.signal.aborted;
      if (ending || stops) await journal.append(factory, ...ended);
      if (ending) return await endTurn(session, { turn, purpose, ...ending });
      if (stops) return;
      ended = await runStep(session, { turn, purpose, ended, signal: interrupts.signal });
    }
  } finally {
    interrupts.end();
  }
}

interface TurnInProgress {
  readonly turn: number;
  readonly purpose: 'plan' | 'work' | 'repair';
  /** How the step before ended, not written yet. */
  readonly ended: readonly Fact[];
  readonly signal: AbortSignal;
}

interface Ending {
  readonly outcome: 'finished' | 'asked' | 'exhausted';
  readonly summary: string;
}

/** One step, as far as it gets before a person interrupts: what is left of it is done when the run goes on. Gives how it ended; nothing when it did not. */
async function runStep(session: RunSession, current: TurnInProgress): Promise<readonly Fact[]> {
  const step = await startStep(session, current);
  const during = { step, signal: current.signal };
  return session.sandboxModel.during(during, () => goThrough(session, { ...current, step }));
}

async function goThrough(
  session: RunSession,
  current: TurnInProgress & { readonly step: number },
): Promise<readonly Fact[]> {
  const began = performance.now();
  const { step } = current;
  if (!(await answerStep(session, current))) return [];
  await finishInterruptedCalls(session, step);
  const { calls } = await session.history.answer(stepOf(session, step)?.body ?? null);
  for (const together of sideBySide(calls)) {
    const outcomes = new Map(stepOf(session, step)?.calls.map((item) => [item.callId, item.outcome]));
    // One that is still running by now was begun by a worker that died, and can be repeated.
    const open = together.filter((call) => ['pending', 'running'].includes(outcomes.get(call.id) ?? ''));
    if (open.length === 0) continue;
    // What people said until the last append came in with it.
    if (isInterrupted(session)) return [];
    await Promise.all(open.map((call) => runCall(session, { step, call, purpose: current.purpose })));
  }
  return endOf(session, { step, calls, began });
}

/** Calls that only look run beside their neighbours of that kind; all others one after the other. */
function sideBySide(calls: readonly ToolCall[]): ToolCall[][] {
  const groups: ToolCall[][] = [];
  for (const call of calls) {
    const last = groups.at(-1);
    if (last?.[0] && onlyLooks(call.tool) && onlyLooks(last[0].tool)) last.push(call);
    else groups.push([call]);
  }
  return groups;
}

function stepOf(session: RunSession, step: number): StepRecord | undefined {
  return session.state.steps.find((item) => item.step === step);
}

async function endOf(
  session: RunSession,
  ended: { readonly step: number; readonly calls: readonly ToolCall[]; readonly began: number },
): Promise<readonly Fact[]> {
  const { step, calls, began } = ended;
  // The checkpoint and the step's end stand in the log together, or neither does.
  const { facts, checkpointId } = await keptBy(session, step, calls);
  const durationMs = Math.round(performance.now() - began);
  return [...facts, ...session.takeEgress(), { type: 'step.ended', data: { step, durationMs, checkpointId } }];
}

/** The checkpoint of a step that may have changed files; null when nothing did. */
async function keptBy(
  session: RunSession,
  step: number,
  calls: readonly ToolCall[],
): Promise<{ readonly facts: readonly Fact[]; readonly checkpointId: string | null }> {
  // Older workers wrote it down by itself, and may have died before they said that the step ended.
  const before = session.state.checkpoints.findLast((item) => item.step === step)?.id ?? null;
  if (!calls.some((call) => changesFiles(call.tool))) return { facts: [], checkpointId: before };
  const titles = stepOf(session, step)?.calls.filter((call) => changesFiles(call.tool)) ?? [];
  const label = titles.length === 1 ? `${titles[0]?.tool} ${titles[0]?.title}` : `${titles.length} changes`;
  const about = { label: cutHead(`Step ${step}: ${label}`, 300), reason: 'step' as const, step };
  const { checkpoint, facts } = await takeCheckpoint(session, about);
  return { facts, checkpointId: checkpoint.step === step ? checkpoint.id : before };
}

/** A step without calls that does not want to go on, or with `finish`, ends the turn; a question that was really asked ends it until a person answers. */
async function endingOf(session: RunSession, state: RunState, turn: number): Promise<Ending | null> {
  const steps = state.steps.filter((item) => item.turn === turn);
  const last = steps.at(-1);
  if (!last?.ended || last.body === null) return null;
  if (last.calls.some((call) => call.tool === 'ask' && call.outcome === 'ok')) return { outcome: 'asked', summary: '' };
  if ((last.calls.length === 0 && !last.goesOn) || last.calls.some((call) => call.tool === 'finish')) {
    const { text, calls } = await session.history.answer(last.body);
    const input = calls.find((call) => call.tool === 'finish')?.input as { summary?: unknown } | null | undefined;
    return { outcome: 'finished', summary: typeof input?.summary === 'string' ? input.summary : text };
  }
  const most = session.limits.stepsPerTurn;
  return steps.length < most
    ? null
    : { outcome: 'exhausted', summary: `The turn ended after ${most} steps without the agent finishing.` };
}

async function endTurn(
  session: RunSession,
  end: Ending & { readonly turn: number; readonly purpose: string },
): Promise<void> {
  const { plan } = session.state;
  const addressed = await addressedComments(session, end.turn);
  // A turn that planned, or that brought new checks, ends in a new version of the plan: approval is asked for exactly that. What a
  // person wished meanwhile has no checks yet and needs a planning turn of its own.
  const replans = end.outcome !== 'asked' && (end.purpose === 'plan' || (plan.stale && !plan.unseen));
  await session.journal.append(
    factory,
    { type: 'turn.ended', data: { turn: end.turn, outcome: end.outcome, summary: cutText(end.summary, 8000) } },
    ...addressed,
    ...(replans
      ? [{ type: 'plan.proposed' as const, data: { version: plan.proposed + 1, summary: cutText(end.summary, 4000) } }]
      : []),
  );
}

function isInterrupted({ state }: RunSession): boolean {
  return state.paused || state.stage.name === 'cancelled' || state.restoreRequested !== null;
}
